using System.Globalization;
using PresenceHub.Fleet.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PresenceHub.Fleet.Reporting;

/// <summary>A table that is drawn over itself, for terminals.</summary>
internal sealed class TerminalDisplay(LiveDisplayContext context) : IRunDisplay
{
    /// <summary>Notes shown; older ones scroll away.</summary>
    private const int MostNotes = 6;

    private const int BarWidth = 30;

    private readonly Lock _gate = new();
    private readonly Queue<string> _notes = new();
    private IRenderable _table = new Markup("preparing");

    public void Show(RunStatus status)
    {
        lock (_gate)
        {
            _table = Render(status);
            Draw();
        }
    }

    public void Note(string line)
    {
        lock (_gate)
        {
            _notes.Enqueue(line);
            while (_notes.Count > MostNotes)
            {
                _notes.Dequeue();
            }

            Draw();
        }
    }

    private static Table Render(RunStatus status)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("what", "value");
        var phase = status.Phase.ToString().ToLowerInvariant();
        var eta = status.Remaining is { } left ? $", ETA {left:hh\\:mm\\:ss}" : string.Empty;
        table.AddRow("phase", $"[bold]{phase}[/] for {status.Elapsed:hh\\:mm\\:ss}{eta}");
        table.AddRow("connected", $"{Bar(status.Live, status.Wanted)} {status.Live:N0} of {status.Wanted:N0}");
        table.AddRow("rate", $"{status.EntriesPerSecond:N0} entries/s");
        table.AddRow(
            "latency",
            status.P50 is { } p50
                ? string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.0} ms · p99 {status.P99:0.0} ms")
                : "–"
        );
        table.AddRow("errors", status.Errors is 0 ? "0" : $"[yellow]{status.Errors:N0}[/]");
        table.AddRow("violations", status.Violations is 0 ? "[green]0[/]" : $"[red]{status.Violations:N0}[/]");
        if (status.ServerCpu is { } cpu)
        {
            var memory = status.ServerMemoryMegabytes;
            table.AddRow("server", string.Create(CultureInfo.InvariantCulture, $"{cpu:0.00} cores · {memory:0} MB"));
        }

        return table;
    }

    private static string Bar(int value, int whole)
    {
        var filled = whole is 0 ? 0 : (int)((long)BarWidth * value / whole);
        return $"[blue]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]";
    }

    private void Draw() =>
        context.UpdateTarget(
            new Rows([_table, .. _notes.Select(note => new Markup($"[grey]{Markup.Escape(note)}[/]"))])
        );
}
