import DesktopModel
import Diagnostics
import Files
import Glibc
import TestSupport
import Testing

/// Tests of the search for the object of a clip, with a stand-in for `8cut detect`.
@MainActor
protocol SearchTests {
    var stage: AppStage { get }
}

extension SearchTests {
    var app: AppModel { stage.app }

    /// An app whose `8cut detect` is the shell script `detect` in its folder.
    static func makeStage() throws -> AppStage {
        let folder = try TemporaryFolder()
        let path = folder["8cut"]
        try AtomicFile.write(
            """
            #!/bin/sh
            [ "$1" = detect ] || exec '\(Program.eightCut.string)' "$@"
            . '\(folder["detect"].string)'

            """,
            to: path
        )
        chmod(path.string, 0o755)
        return try AppStage(in: folder, program: path)
    }

    /// Sets what the next searches do.
    func searchesShall(_ script: String) throws {
        try AtomicFile.write(script + "\n", to: stage.folder["detect"])
    }

    /// Sets what the next searches find: the fields of each object.
    func searchesShallFind(_ objects: [String]) throws {
        // JSON inside of JSON, over several lines as `8cut detect` writes it.
        let line = { (text: String) in
            let inner = text.replacing("\"", with: #"\""#)
            return #"{"v":1,"event":"output","line":"\#(inner)"}"#
        }
        try searchesShall(
            """
            printf '%s\\n' "$@" >'\(stage.folder["arguments"].string)'
            cat <<'end'
            {"v":1,"event":"progress","unit":"frame","done":40,"total":80,"totalIsEstimate":true}
            \(line(#"{"v": 1, "candidates": ["#))
            \(line(objects.map { "{\($0)}" }.joined(separator: ",")))
            \(line("]}"))
            {"v":1,"event":"finished","frames":80,"seconds":1,"exitStatus":0,"summary":"s"}
            end
            """
        )
    }

    /// The arguments of the latest search.
    func arguments() throws -> [String] {
        let text = try SmallFile.read(stage.folder["arguments"], limit: 1 << 16)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func fields(frame: Int, x: Double, score: Double, query: String? = nil) -> String {
        let box = [x - 20, 5, x + 20, 60].map { "\($0)" }.joined(separator: ",")
        return #""frame":\#(frame),"point":[\#(x),30],"box":[\#(box)],"score":\#(score)"#
            + (query.map { #","query":"\#($0)""# } ?? "")
    }

    func searchesShallFind(frame: Int, x: Double, score: Double) throws {
        try searchesShallFind([fields(frame: frame, x: x, score: score)])
    }

    /// Cuts a clip, and shows it to be marked.
    func showClip() async throws {
        try await stage.start(with: try await stage.video())
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        #expect(app.findObstacle != nil)
        app.setMethod(.sam)
        try await stage.eventually("the clip's frame") {
            app.preview.clip != nil && app.preview.properties != nil
        }
        #expect(app.findObstacle == nil)
        _ = app.notices.takeToasts()
    }

    func find(_ search: ObjectSearch? = nil) async throws {
        app.findObject(search)
        #expect(app.finder.run != nil)
        try await stage.eventually("the end of the search") { app.finder.run == nil }
    }
}
