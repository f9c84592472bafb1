import Files
import SystemPackage
import TestSupport
import Testing

/// The house stands on its floors: imports run one way.
@Suite struct LayoutTests {
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// The rooms in the order of Package.swift, each of which may import only those before it.
    private func rooms() throws -> [String] {
        let text = String(
            decoding: try MaskSet.bytes(of: root.appending("Package.swift")),
            as: UTF8.self
        )
        let declaration =
            /(?:room|screen|\.target|\.systemLibrary|\.executableTarget)\(\s*(?:name: )?"(\w+)"/
        return text.matches(of: declaration).map { String($0.1) }
    }

    @Test func everyRoomOfTheSourcesHasItsFloor() throws {
        let folders = try Folder.names(in: root.appending("Sources"))
        #expect(Set(folders).isSubset(of: Set(try rooms())))
        #expect(folders.count >= 10)
    }

    /// The command line builds and runs on machines without GTK.
    @Test func theCommandLineNeedsNoWindow() async throws {
        let rooms = try rooms()
        let place = try #require(rooms.firstIndex(of: "EightCutCLI"))
        let windows = ["CGtk", "CMpv", "GtkKit", "Playback", "DesktopModel", "EightCutDesktop"]
        #expect(windows.allSatisfy { (rooms.firstIndex(of: $0) ?? 0) > place })
        let result = try await Program.run("ldd", [Program.eightCut.string])
        #expect(result.status == 0)
        #expect(!result.output.contains("gtk") && !result.output.contains("mpv"))
    }

    @Test func noImportRunsUpwards() throws {
        let rooms = try rooms()
        var seen = 0
        for (floor, room) in rooms.enumerated() {
            let folder = root.appending("Sources").appending(room)
            guard try Folder.kind(of: folder) == .folder else { continue }
            for name in try Folder.names(in: folder) where name.hasSuffix(".swift") {
                let path = folder.appending(name)
                let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
                for line in text.split(separator: "\n") {
                    let words = line.split(separator: " ")
                    guard let place = words.firstIndex(of: "import"), place <= 1,
                        words.count > place + 1,
                        let target = rooms.firstIndex(of: String(words[place + 1]))
                    else { continue }
                    seen += 1
                    #expect(target < floor, "\(room)/\(name) imports \(words[place + 1])")
                }
            }
        }
        #expect(seen > 30, "the imports were not found")
    }
}
