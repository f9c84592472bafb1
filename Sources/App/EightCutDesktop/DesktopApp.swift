import DesktopModel
import Diagnostics
import Files
import Glibc
import GtkKit
import Localization
import SystemPackage

/// The application: one window, whatever is opened.
final class DesktopApp {
    /// The name by which the desktop knows it. No part of such a name may begin with a digit.
    static let id = "io.github.eightcut.EightCut"

    private let application: Application
    private var window: MainWindow?
    private var startedAt = ContinuousClock.now

    init() {
        Localization.start(catalogues: Self.catalogues)
        Self.chooseRenderer()
        application = Application(id: Self.id)
        application.setHelp(
            parameters: localized("[VIDEO OR FOLDER…] [--review [WORD…]] [--find [VIDEO…]]"),
            summary: localized("Cuts 8-second clips and makes masks of the sounding object."),
            description: """
                Examples:
                  8cut-desktop
                  8cut-desktop video.mp4
                  8cut-desktop ~/Videos
                  8cut-desktop --review dog bark
                  8cut-desktop --find video.mp4

                The command line can do everything that the app does: see 8cut --help.
                """
        )
        application.addOption(
            "review",
            description: localized(
                "Judge the masks of clips: of all, or of those that have all the words"
            )
        )
        application.addOption(
            "find",
            description: localized("Find clips worth keeping, in the videos that follow")
        )
        application.addAction("find") { [unowned self] paths in
            open(GivenFiles())
            guard let model = window?.model else { return }
            Task { await model.startFinding(in: paths.map { FilePath($0) }) }
        }
        application.addAction("review") { [unowned self] words in
            open(GivenFiles())
            window?.model.startReview(words)
        }
        application.onActivate { [unowned self] in open(GivenFiles()) }
        application.onOpen { [unowned self] in open($0) }
    }

    func run(_ arguments: [String]) -> Int32 {
        // text: an argument of the list
        if arguments.dropFirst().contains("--version") {
            print("8cut-desktop \(programVersion)")
            return 0
        }
        MainLoop.bridgeMainActor()
        MainLoop.onRequestToEnd { [unowned self] in window?.endAtOnce() }
        guard let option = Self.pageOption(arguments) else { return application.run() }
        var words = Array(arguments[(option.place + 1)...])
        guard words.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(exactly: "-") }) else {
            let what = option.action.isExactly("find") ? "videos" : "words"
            writeLine(
                "8cut-desktop: error: after --\(option.action) there may be \(what) only",
                to: 2
            )
            return 64
        }
        // The program that runs already may be in another folder.
        if option.action.isExactly("find") { words = words.map { FilePath($0).absolute.string } }
        guard application.activate(option.action, words) else {
            writeLine("8cut-desktop: error: the desktop cannot be reached", to: 2)
            return 1
        }
        return application.run(option.place)
    }

    /// Where `--review` or `--find` is among the arguments: what follows is for that page.
    private static func pageOption(_ arguments: [String]) -> (action: String, place: Int)? {
        let options = arguments.prefix { !$0.utf8.elementsEqual("--".utf8) }
        guard !options.contains(where: { ["--help", "-h", "--help-all"].contains($0) }) else {
            return nil
        }
        for (place, option) in options.enumerated() {
            for action in ["review", "find"] where option.isExactly("--" + action) {
                return (action, place)
            }
        }
        return nil
    }

    /// The translations, where `make install` puts them.
    private static var catalogues: String {
        CommandLineProgram.folderOfApp.removingLastComponent().appending("share")
            .appending("locale").string
    }

    /// Without a GPU GTK would draw with OpenGL on the CPU, which leaves too little for the video;
    /// cairo is many times cheaper.
    private static func chooseRenderer() {
        guard getenv("GSK_RENDERER") == nil else { return }
        let cards = (try? Folder.names(in: "/dev/dri")) ?? []
        if !cards.contains(where: { $0.hasPrefix(exactly: "render") }) {
            setenv("GSK_RENDERER", "cairo", 1)
        }
    }

    private func open(_ files: GivenFiles) {
        if let window {
            window.present()
            Task { await window.model.open(files) }
            return
        }
        do {
            let model = try AppModel(program: try CommandLineProgram.find())
            application.addStyle(Style.css)
            let window = MainWindow(application, model)
            self.window = window
            window.present()
            Watch.start(startedAt)
            Task {
                await model.start(opening: files.paths, files.addresses)
            }
        } catch {
            writeLine("8cut-desktop: error: \(error)", to: 2)
            Glibc.exit((error as? EightCutError)?.code.exitStatus ?? 1)
        }
    }
}

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
        .tag { padding: 1px 8px; border-radius: 9px; font-size: smaller; background: alpha(currentColor, 0.12); }
        .label-choice { padding: 2px 8px; min-height: 24px; }
        """
}

/// Measurements for tests and benchmarks: the start time, drawn frames per second, and stalls of the
/// main loop.
enum Watch {
    private static var stalls: StallWatch?
    private static var isOn = false
    private static var frames = 0

    /// Starts to look, where the environment asks for it: `EIGHTCUT_STALLS` is a limit in seconds.
    /// Writes the measurements to standard error.
    static func start(_ since: ContinuousClock.Instant) {
        guard let limit = getenv("EIGHTCUT_STALLS").flatMap({ Double(String(cString: $0)) }) else {
            return
        }
        isOn = true
        MainLoop.every(milliseconds: 1000) {
            if frames > 0 { writeLine("frames: \(frames)", to: 2) }
            frames = 0
            return true
        }
        MainLoop.whenIdle {
            let seconds = since.duration(to: .now) / .seconds(1)
            writeLine("window: \(seconds) s", to: 2)
            // Setting up the window is not what is meant.
            stalls = StallWatch(limit: limit) { writeLine("stall: \($0) s", to: 2) }
        }
    }

    private static var keyAt: ContinuousClock.Instant?
    private static var limitAt: ContinuousClock.Instant?

    /// Moves a limit of the search for clips, after which the list changes.
    static func limit(of finding: ClipFindModel, _ move: () -> Void) {
        let before = finding.limit
        move()
        if isOn, finding.limit != before { limitAt = limitAt ?? .now }
    }

    /// The list of the clips that were found has changed.
    static func noteFound() {
        guard isOn, let start = limitAt else { return }
        limitAt = nil
        writeLine("found: \(start.duration(to: .now) / .seconds(1)) s", to: 2)
    }

    /// A key of the review was pressed that ends with another clip.
    static func noteReviewKey() {
        if isOn { keyAt = .now }
    }

    /// Another clip of the review was drawn.
    static func noteReviewed() {
        guard isOn, let start = keyAt else { return }
        keyAt = nil
        writeLine("reviewed: \(start.duration(to: .now) / .seconds(1)) s", to: 2)
    }

    /// A new frame of the video was drawn.
    static func countFrame() {
        if isOn { frames += 1 }
    }
}
