namespace PresenceHub.Fleet.Reporting;

/// <summary>The style sheet of the report, for light and dark screens and for print.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --back: #fff;
          --card: #f6f8fa;
          --good: #116329; --bad: #b42318; --s0: #0b63c5; --s1: #c2560a; --s2: #2d7d46; --s3: #8250df; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #30363d;
          --back: #0d1117; --card: #161b22;
          --good: #56d364; --bad: #ff7b72; --s0: #6cb6ff; --s1: #f0883e; --s2: #57d27e; --s3: #c297ff; } }
        body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 860px; margin: 0 auto; padding: 24px 20px 60px; }
        h1 { margin: 0; font-size: 28px; } h2 { margin: 36px 0 8px; font-size: 18px; }
        .lead { margin: 4px 0 16px; color: var(--soft); }
        .verdict { padding: 10px 14px; border-left: 4px solid; background: var(--card); }
          .verdict b { margin-right: 8px; }
        .verdict.good, td.good { border-color: var(--good); } .verdict.good b { color: var(--good); }
        .verdict.bad { border-color: var(--bad); } .verdict.bad b, td.bad { color: var(--bad); }
        .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 10px;
          margin: 16px 0; }
        .figures div { background: var(--card); padding: 10px 12px; border-radius: 6px; }
        dt { color: var(--soft); font-size: 13px; } dd { margin: 0; font-size: 20px;
          font-variant-numeric: tabular-nums; }
        figure { margin: 10px 0 20px; } figcaption { color: var(--soft); font-size: 13px; margin-bottom: 2px; }
        svg { width: 100%; height: auto; display: block; }
        .grid { stroke: var(--line); } .mark { stroke: var(--soft); stroke-dasharray: 3 3; }
        .tick, .marklabel { fill: var(--soft); font-size: 11px; text-anchor: middle; } .tick.y { text-anchor: end;
          dominant-baseline: middle; }
        .marklabel { text-anchor: start; }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
        .line.s0 { stroke: var(--s0); } .line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); }
          .line.s3 { stroke: var(--s3); }
        .key { margin-left: 14px; } .key::before { content: ""; display: inline-block; width: 14px; height: 3px;
          margin-right: 5px; vertical-align: middle; background: currentColor; }
        .key.s0::before { background: var(--s0); } .key.s1::before { background: var(--s1); }
          .key.s2::before { background: var(--s2); } .key.s3::before { background: var(--s3); }
        .tip { fill: transparent; } .tip:hover { fill: var(--soft); opacity: .15; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 3px 14px 3px 0;
          border-bottom: 1px solid var(--line); text-align: right; }
        th { font-weight: 400; color: var(--soft); } tr th:first-child { text-align: left; color: var(--ink); }
        pre { background: var(--card); padding: 12px; overflow-x: auto; font-size: 13px; border-radius: 6px; }
        """;
}
