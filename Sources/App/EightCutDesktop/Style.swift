/// Style rules of the window, beside those of the theme.
enum Style {
    static let css = """
        .preview { background: black; }
        .bar { padding: 6px 10px; }
        .statusbar { padding: 3px 10px; min-height: 26px; }
        .statusbar label { font-size: smaller; }
        .statusbar progressbar { min-width: 90px; }
        .marker { min-width: 11px; min-height: 16px; padding: 0; margin: 0; border-radius: 3px 3px 7px 7px; \
        background: #e5a50a; border: 1px solid rgba(0,0,0,0.4); }
        .marker.masked { background: #26a269; }
        .marker.selected { box-shadow: 0 0 0 2px @accent_color; }
        .playlist row { padding: 6px; }
        .playlist .title { font-weight: bold; }
        .time { font-feature-settings: "tnum"; }
        """
}
