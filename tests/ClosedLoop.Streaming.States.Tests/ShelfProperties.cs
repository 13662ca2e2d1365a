using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.States.Tests;

public class ShelfProperties
{
    /// <summary>One step: what to do, with which key, how large, when due.</summary>
    public sealed record Step(int What, int Key, int Size, int Due);

    private static readonly Gen<Step> Steps =
        from what in Gen.Choose(0, 9)
        from key in Gen.Choose(0, 40)
        from size in Gen.Frequency((8, Gen.Choose(1, 300)), (2, Gen.Choose(1, 5000)))
        from due in Gen.Frequency((2, Gen.Constant(0)), (4, Gen.Choose(1, 600)), (4, Gen.Choose(1, 20_000)))
        select new Step(what, key, size, due);

    [Fact]
    public void Behaves_like_a_dictionary_and_a_sorted_set() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            using var shelf = new Shelf();
            var model = new ShelfModel();
            var now = 0L;
            for (var i = 0; i < steps.Count; i++)
            {
                now += steps[i].What == 9 ? steps[i].Due : 0;
                Do(shelf, model, steps[i], i, now);
                Assert.Equal(model.States.Count, shelf.Count);
                Assert.True(shelf.NextDueSeconds <= model.NextDue, "a sleeper would be missed");
            }
            SameStates(model, shelf);
            SameSleepers(model, shelf);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(300));

    private static void Do(Shelf shelf, ShelfModel model, Step step, int ordinal, long now)
    {
        var key = "demo\0v" + step.Key;
        var bytes = ShelfModel.Bytes(key);
        switch (step.What)
        {
            case < 6:
                var state = ShelfModel.State(step.Size, ordinal);
                model.Put(key, state, (uint)step.Due);
                shelf.Put(bytes, state, (uint)step.Due);
                break;
            case 6:
                Assert.Equal(model.Remove(key), shelf.Remove(bytes));
                break;
            case 7:
                Assert.Equal(model.States.TryGetValue(key, out var known), shelf.TryGet(bytes, out var found));
                Assert.Equal(known.State ?? [], found.ToArray());
                break;
            default:
                var expected = model.TakeDue(now);
                var taken = shelf.TryTakeDueItem(now, out var item);
                Assert.Equal(expected, taken ? ShelfModel.Text(item.Key) : null);
                break;
        }
    }

    private static void SameStates(ShelfModel model, Shelf shelf)
    {
        var seen = new Dictionary<string, (byte[] State, uint Due)>();
        for (var slot = 0; slot < shelf.SlotCount; slot++)
            if (shelf.TryReadSlot(slot, out ShelfItem item)) seen.Add(ShelfModel.Text(item.Key), (item.State.ToArray(), item.DueSeconds));
        Assert.Equal(model.States.Keys.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, value) in model.States)
        {
            Assert.Equal(value.State, seen[key].State);
            Assert.Equal(value.Due, seen[key].Due);
        }
    }

    private static void SameSleepers(ShelfModel model, Shelf shelf)
    {
        while (model.TakeDue(long.MaxValue) is { } key)
        {
            Assert.True(shelf.TryTakeDueItem(long.MaxValue, out var item));
            Assert.Equal(key, ShelfModel.Text(item.Key));
        }
        Assert.False(shelf.TryTakeDue(long.MaxValue, out _));
    }
}
