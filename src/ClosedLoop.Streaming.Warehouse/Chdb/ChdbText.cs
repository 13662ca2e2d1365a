using System.Runtime.InteropServices;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>Strings on their way into the engine: UTF-8 in unmanaged memory, freed together.</summary>
internal sealed unsafe class ChdbText : IDisposable
{
    private readonly List<nint> _held = [];

    public byte* Put(string text, out nuint length)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        var target = (byte*)NativeMemory.Alloc((nuint)count + 1);
        _held.Add((nint)target);
        Encoding.UTF8.GetBytes(text, new Span<byte>(target, count));
        target[count] = 0;
        length = (nuint)count;
        return target;
    }

    public byte** Array(int count)
    {
        var target = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(count, 1), (nuint)sizeof(nint));
        _held.Add((nint)target);
        return target;
    }

    public void Dispose()
    {
        foreach (var pointer in _held) NativeMemory.Free((void*)pointer);
        _held.Clear();
    }

    /// <summary>Parameters are read as TSV-escaped text: unescaped, a backslash or a tab would change the value or fail the query.</summary>
    public static string Escape(string value)
    {
        if (value.AsSpan().IndexOfAny("\\\t\n\r\0\b\f") < 0) return value;
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in value)
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\0' => text.Append("\\0"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                _ => text.Append(c),
            };
        return text.ToString();
    }
}
