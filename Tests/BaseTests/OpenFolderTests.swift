import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What others can put in the place of a file of ours.
private enum Foreign: String, CaseIterable, Sendable {
    case link, danglingLink, pipe, device, folder

    /// Puts it there; a link leads to `target`.
    func put(at path: FilePath, target: FilePath) throws {
        let result: Int32 =
            switch self {
            case .link: symlink(target.string, path.string)
            case .danglingLink: symlink("/missing/at/all", path.string)
            case .pipe: mkfifo(path.string, 0o666)
            case .device: symlink("/dev/full", path.string)
            case .folder: mkdir(path.string, 0o777)
            }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}

@Suite struct OpenFolderTests {
    private let temporary: TemporaryFolder
    private let folder: OpenFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = try OpenFolder.creating(temporary["ours"])
        try AtomicFile.write("keep", to: temporary["precious"])
    }

    private func text(_ path: FilePath) throws -> String {
        String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
    }

    @Test(arguments: Foreign.allCases)
    private func nothingButAPlainFileIsReadOrWritten(foreign: Foreign) throws {
        let place = folder.path.appending("file")
        try foreign.put(at: place, target: temporary["precious"])
        let before = try folder.status(of: "file")

        let reading = #expect(throws: EightCutError.self) {
            _ = try folder.read("file", limit: 100)
        }
        #expect(reading?.subject == place.string)
        #expect(throws: EightCutError.self) { _ = try folder.openForAppending("file") }
        #expect(throws: EightCutError.self) { try folder.write("new", to: "file") }
        #expect(throws: EightCutError.self) { try AtomicFile.write("new", to: place) }

        #expect(try text(temporary["precious"]) == "keep")
        #expect(try folder.status(of: "file") == before)
        #expect(try folder.names() == ["file"], "no temporary file is left")
    }

    @Test func aFileOfTwoNamesIsReadButNotWrittenThrough() throws {
        let place = folder.path.appending("file")
        #expect(link(temporary["precious"].string, place.string) == 0)
        #expect(try folder.read("file", limit: 100) == Array("keep".utf8))
        #expect(throws: EightCutError.self) { _ = try folder.openForAppending("file") }
        try folder.write("new", to: "file")
        #expect(try text(place) == "new")
        #expect(try text(temporary["precious"]) == "keep")
    }

    @Test func aReadHasALimit() throws {
        try folder.write("12345", to: "file")
        #expect(try folder.read("file", limit: 5) == Array("12345".utf8))
        #expect(throws: EightCutError.self) { _ = try folder.read("file", limit: 4) }
        // Not a byte of it is stored.
        #expect(truncate(folder.path.appending("file").string, 15 << 40) == 0)
        #expect(throws: EightCutError.self) { _ = try folder.read("file", limit: 1 << 20) }
        #expect(try folder.read("missing", limit: 1) == nil)
    }

    @Test func aLinkIsNoFolderOfOurs() throws {
        try Folder.create(temporary["theirs"])
        try AtomicFile.write("keep", to: temporary["theirs/frame_0000.png"])
        #expect(symlink(temporary["theirs"].string, folder.path.appending("inner").string) == 0)
        #expect(throws: EightCutError.self) { _ = try folder.folder("inner") }
        #expect(throws: EightCutError.self) { _ = try folder.createFolder("inner") }
        #expect(throws: EightCutError.self) {
            try folder.removeFolder("inner", ours: { _ in true })
        }
        try folder.removeTree("inner")
        #expect(try folder.names() == [])
        #expect(try text(temporary["theirs/frame_0000.png"]) == "keep")
    }

    @Test func whatIsWrittenStaysInAFolderThatIsMoved() throws {
        let file = try folder.newFile(for: "file")
        try file.descriptor.writeAll("new".utf8)
        try AtomicFile.rename(folder.path, to: temporary["moved"])
        #expect(symlink(temporary.path.string, folder.path.string) == 0)
        #expect(throws: EightCutError.self) { try folder.requireStillThere() }
        try file.publish(replaces: false)
        #expect(try text(temporary["moved/file"]) == "new")
        #expect(try Folder.names(in: temporary.path) == ["moved", "ours", "precious"])
    }

    @Test func onlyWhatIsOursIsRemoved() throws {
        let inner = try folder.createFolder("inner")
        for name in ["frame_0000.png", "frame_0001.png", "notes.txt"] as [FilePath.Component] {
            try inner.write("x", to: name)
        }
        _ = try inner.createFolder("frame_0002.png")
        let left = try folder.removeFolder("inner") { $0.stem.hasPrefix("frame_") }
        #expect(left == ["frame_0002.png", "notes.txt"])
        try inner.removeFile("notes.txt")
        #expect(try inner.removeFolderIfEmpty("frame_0002.png"))
        #expect(try folder.removeFolder("inner", ours: { _ in true }) == [])
        #expect(try folder.names() == [])
    }

    @Test func namesKeepTheirBytes() throws {
        // Not UTF-8.
        let odd = FilePath(platformString: [CChar(bitPattern: 0xff), 0])
        let file = try FileDescriptor.open(
            folder.path.pushing(odd),
            .writeOnly,
            options: .create,
            permissions: .sharedFile
        )
        try file.close()
        let name = try #require(try folder.names().first)
        #expect(try folder.status(of: name)?.kind == .file)
        #expect(try folder.removeFile(name))
        #expect(try folder.names() == [])
    }

    @Test func temporariesOfRunsThatWorkStay() throws {
        let working = try folder.newFile(for: "video.mp4")
        let filling = try folder.newFolder(for: "images")
        try filling.folder.write("x", to: "frame_0001.png")
        try folder.write("x", to: ".8cut-tmp-left-a.png")
        let stale = try folder.createFolder(".8cut-tmp-left-b")
        try stale.write("x", to: "frame_0001.png")
        let kept = try folder.createFolder(".8cut-tmp-left-c")
        try kept.write("x", to: "notes.txt")
        #expect(symlink("../precious", folder.path.appending(".8cut-tmp-link").string) == 0)

        try folder.removeStaleTemporaries { $0.stem.hasPrefix("frame_") }

        let expected: [FilePath.Component] = [
            working.temporaryName, filling.temporaryName, ".8cut-tmp-left-c", ".8cut-tmp-link",
        ]
        #expect(Set(try folder.names()) == Set(expected))
        #expect(try kept.names() == ["notes.txt"])
        try filling.publish()
        try working.publish(replaces: false)
        #expect(try text(folder.path.appending("images/frame_0001.png")) == "x")
    }

    @Test func whatIsNotPublishedGoesAway() throws {
        do {
            let file = try folder.newFile(for: "file")
            let inner = try folder.newFolder(for: "inner")
            try inner.folder.write("x", to: "y")
            #expect(try folder.names().count == 2)
            withExtendedLifetime(file) {}
        }
        #expect(try folder.names() == [])
    }

    @Test func aNameThatIsTakenIsNotReplacedUnasked() throws {
        try folder.write("old", to: "file")
        let file = try folder.newFile(for: "file")
        #expect(throws: EightCutError.self) { try file.publish(replaces: false) }
        try folder.write("new", to: "other")
        #expect(throws: Errno.fileExists) {
            try folder.rename("other", to: folder, as: "file", replaces: false)
        }
        #expect(try text(folder.path.appending("file")) == "old")
        try folder.rename("other", to: folder, as: "file", replaces: true)
        #expect(try text(folder.path.appending("file")) == "new")
    }

    @Test func aChildWritesIntoTheFileThatWasMade() throws {
        let file = try folder.newFile(for: "file")
        // Somebody puts a link in its place.
        #expect(try folder.removeFile(file.temporaryName))
        let place = folder.path.appending(file.temporaryName)
        #expect(symlink(temporary["precious"].string, place.string) == 0)
        let written = try FileDescriptor.open(file.childPath, .writeOnly, options: .truncate)
        try written.closeAfter { _ = try written.writeAll("new".utf8) }
        #expect(throws: EightCutError.self) { try file.publish(replaces: true) }
        #expect(try text(temporary["precious"]) == "keep")
        #expect(try folder.status(of: "file") == nil)
    }

    @Test func privateFilesAreTheirOwnersAlone() throws {
        try folder.write("x", to: "file", permissions: .privateFile)
        let inner = try folder.createFolder("inner", permissions: .privateFolder)
        #expect(try folder.status(of: "file")?.permissions == .privateFile)
        #expect(try inner.status().permissions == .privateFolder)
    }

    @Test func theHomeFolderIsMadePrivate() throws {
        let home = EightCutHome(temporary["home/.8cut"])
        #expect(try home.open().status().permissions == .privateFolder)
        #expect(chmod(home.path.string, 0o755) == 0)
        #expect(try home.open().status().permissions == .privateFolder)
    }
}
