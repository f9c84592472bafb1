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
            parameters: localized("[VIDEO OR FOLDER…]"),
            summary: localized("Cuts clips of 8 seconds and makes masks of what sounds."),
            description: """
                Examples:
                  8cut-desktop
                  8cut-desktop film.mp4
                  8cut-desktop ~/Videos

                8cut --help tells of the command line, which does all that this app does.
                """
        )
        application.onActivate { [unowned self] in open([]) }
        application.onOpen { [unowned self] in open($0) }
    }

    func run(_ arguments: [String]) -> Int32 {
        if arguments.dropFirst().contains("--version") {
            print("8cut-desktop \(programVersion)")
            return 0
        }
        // A worker that has ended is told by its end, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        MainLoop.bridgeMainActor()
        MainLoop.onRequestToEnd { [unowned self] in window?.endAtOnce() }
        return application.run(arguments)
    }

    /// Translations lie beside the program's own folder, as `make install` puts them.
    private static var catalogues: String {
        CommandLineProgram.folderOfApp.removingLastComponent().appending("share")
            .appending("locale").string
    }

    /// Without a graphics card GTK draws with OpenGL on the processor, which leaves none for the
    /// video; cairo is many times cheaper then.
    private static func chooseRenderer() {
        guard getenv("GSK_RENDERER") == nil else { return }
        let cards = (try? Folder.names(in: "/dev/dri")) ?? []
        if !cards.contains(where: { $0.hasPrefix("render") }) { setenv("GSK_RENDERER", "cairo", 1) }
    }

    private func open(_ files: [String]) {
        if let window {
            window.present()
            Task { await window.model.playlist.add(files) }
            return
        }
        do {
            let model = try AppModel(program: try CommandLineProgram.find())
            application.addStyle(Style.css)
            let window = MainWindow(application, model)
            self.window = window
            window.present()
            Watch.start(startedAt)
            Task { await model.start(opening: files) }
        } catch {
            writeLine("8cut-desktop: error: \(error)", to: 2)
            Glibc.exit((error as? EightCutError)?.code.exitStatus ?? 1)
        }
    }
}
