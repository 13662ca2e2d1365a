using System.Diagnostics.CodeAnalysis;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>What makes a lead an mql and an sql on one site: rules of the same language as segments. Immutable.</summary>
public sealed class StageRules
{
    private readonly Rule? _mql, _sql;

    private StageRules(Rule? mql, Rule? sql) => (_mql, _sql) = (mql, sql);

    /// <summary>Null texts are no rules. False with the stage and the first mistake when one of them is wrong.</summary>
    public static bool TryCompile(string? mql, string? sql, [NotNullWhen(true)] out StageRules? rules, out string stage, [NotNullWhen(false)] out RuleMistake? mistake)
    {
        (rules, mistake, stage) = (null, null, "mql");
        Rule? first = null, second = null;
        if (mql is not null && !Rule.TryCompile(mql, out first, out mistake)) return false;
        stage = "sql";
        if (sql is not null && !Rule.TryCompile(sql, out second, out mistake)) return false;
        rules = new StageRules(first, second);
        return true;
    }

    /// <summary>
    /// The next stage that the rules ask for, of somebody who is in <paramref name="stage"/>; the same when they ask for none. Only leads and mqls
    /// are asked about: whoever is nobody yet, bought, or was lost, is none of the rules' business.
    /// </summary>
    /// <param name="person">The person's measures.</param>
    /// <param name="stage">The stage now.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="due">Lowered to the ms at which silence alone may change the answer.</param>
    public Stage Asks(IMeasures person, Stage stage, long now, ref long due)
    {
        if (stage is not (Stage.Lead or Stage.Mql)) return stage;
        if (stage == Stage.Lead && _mql is not null && _mql.Holds(ref person, now, ref due)) return Stage.Mql;
        return _sql is not null && _sql.Holds(ref person, now, ref due) ? Stage.Sql : stage;
    }
}
