import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@Suite struct FlatpakTests {
    private func sandbox(_ variables: [String: FilePath]) -> FlatpakSandbox? {
        FlatpakSandbox { variables[$0] }
    }

    @Test func onlyTheSandboxOfOurOwnFlatpakIsOne() {
        let ours: FilePath = "io.github.eightcut.EightCut"
        #expect(sandbox([:]) == nil)
        #expect(sandbox(["XDG_DATA_HOME": "/data"]) == nil)
        #expect(sandbox(["FLATPAK_ID": "org.gnome.Builder", "XDG_DATA_HOME": "/data"]) == nil)
        #expect(sandbox(["FLATPAK_ID": ours, "XDG_DATA_HOME": "/data"])?.data == "/data")
    }

    @Test func withoutXDGItsDataIsWhereFlatpakPutsIt() {
        let ours: FilePath = "io.github.eightcut.EightCut"
        let data: FilePath = "/home/you/.var/app/io.github.eightcut.EightCut/data"
        #expect(sandbox(["FLATPAK_ID": ours, "HOME": "/home/you"])?.data == data)
        let relative: [String: FilePath] = [
            "FLATPAK_ID": ours, "HOME": "/home/you", "XDG_DATA_HOME": "data",
        ]
        #expect(sandbox(relative)?.data == data)
    }

    @Test(arguments: [
        ("/run/user/1000/doc/4d5e6f/video.mp4", true),
        ("/run/flatpak/doc/4d5e6f/video.mp4", true),
        ("/run/user/1000/doc/4d5e6f/videos/video.mp4", false),
        ("/run/flatpak/doc/4d5e6f/videos/video.mp4", false),
        ("/run/user/1000/gvfs/4d5e6f/video.mp4", false),
        ("run/flatpak/doc/4d5e6f/video.mp4", false),
        ("/home/you/Videos/doc/4d5e6f/video.mp4", false),
    ])
    func aFileThatAPortalGaveHasNoNeighbours(path: String, isLone: Bool) {
        #expect(FlatpakSandbox.isLoneDocument(FilePath(path)) == isLone)
    }

    @Test(arguments: [
        ("XDG_VIDEOS_DIR=\"$HOME/Videos\"\n", "/home/you/Videos"),
        ("# XDG_VIDEOS_DIR=\"$HOME/no\"\nXDG_VIDEOS_DIR=\"$HOME/Filme\"\n", "/home/you/Filme"),
        ("XDG_VIDEOS_DIR=\"/disk/a \\\"b\\\"\"\r\n", "/disk/a \"b\""),
        ("XDG_VIDEOS_DIR=\"/a\"\nXDG_VIDEOS_DIR=\"/b\"\n", "/b"),
        // The home folder stands for none, and a relative path is not allowed.
        ("XDG_VIDEOS_DIR=\"$HOME/\"\n", "/home/you/Videos"),
        ("XDG_VIDEOS_DIR=\"Videos\"\n", "/home/you/Videos"),
        ("XDG_MUSIC_DIR=\"/music\"\n", "/home/you/Videos"),
        ("", "/home/you/Videos"),
    ])
    func theFolderForVideosIsThatOfTheDesktop(list: String, expected: String) throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(list, to: folder["user-dirs.dirs"])
        let found = VideosFolder.path(home: "/home/you", configuration: folder.path)
        #expect(found == FilePath(expected))
    }

    @Test func withoutAListVideosAreInVideos() throws {
        let folder = try TemporaryFolder()
        let found = VideosFolder.path(home: "/home/you", configuration: folder["none"])
        #expect(found == "/home/you/Videos")
    }
}

/// What a trash needs that takes only whole folders.
@Suite struct SeparationTests {
    private let folder: TemporaryFolder
    private let masks: FilePath
    private let ours: [FilePath] = ["depth/frame_0000.png", "frame_0000.png", "masks.json"]

    init() throws {
        folder = try TemporaryFolder()
        masks = folder["masks"]
        try Folder.create(masks.appending("depth"))
        for file in ours { try AtomicFile.write("text", to: masks.pushing(file)) }
    }

    @Test func aFolderThatHasNothingElseGoesAsItIs() throws {
        #expect(try Trash.separate(ours, of: masks) == masks)
        #expect(try Folder.names(in: folder.path) == ["masks"])
    }

    @Test func filesAmongOthersGetAFolderOfTheirOwn() throws {
        try AtomicFile.write("text", to: masks.pushing("depth/notes.txt"))
        try AtomicFile.write("text", to: folder["masks.deleted"])

        let aside = try Trash.separate(ours, of: masks)
        #expect(aside == folder["masks.deleted.2"])
        #expect(try Folder.names(in: aside).sorted() == ["depth", "frame_0000.png", "masks.json"])
        #expect(try Folder.names(in: masks) == ["depth"])
        #expect(try Folder.names(in: masks.appending("depth")) == ["notes.txt"])

        Trash.rejoin(ours, of: masks, from: aside)
        #expect(try Folder.names(in: masks).sorted() == ["depth", "frame_0000.png", "masks.json"])
        #expect(try Folder.kind(of: aside) == .missing)
    }

    @Test func aFileThatIsMissingMovesNone() throws {
        try AtomicFile.write("text", to: masks.pushing("notes.txt"))
        #expect(throws: EightCutError.self) {
            _ = try Trash.separate(ours + ["frame_0001.png"], of: masks)
        }
        #expect(
            try Folder.names(in: masks).sorted()
                == ["depth", "frame_0000.png", "masks.json", "notes.txt"]
        )
        #expect(try Folder.names(in: folder.path) == ["masks"])
    }
}
