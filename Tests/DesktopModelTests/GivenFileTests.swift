import DesktopModel
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What is opened, dropped or chosen and is no usable file is refused with a reason.
@MainActor
@Suite struct GivenFileTests {
    /// "a", a byte that is not UTF-8, ".mp4".
    private static func hostileName() throws -> FilePath.Component {
        let bytes: [CInterop.PlatformChar] = [
            0x61, CChar(bitPattern: 0xff), 0x2e, 0x6d, 0x70, 0x34, 0,
        ]
        return try #require(FilePath.Component(platformString: bytes))
    }

    private func create(_ path: FilePath) throws {
        try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate],
            permissions: .sharedFile
        ).close()
    }

    @Test func anAddressIsRefusedWithAReason() async throws {
        let stage = try AppStage()
        await stage.app.start(opening: [], ["http://example.com/video.mp4"])
        let failure = try #require(stage.app.notices.takeFailures().first)
        #expect(failure.subject == "http://example.com/video.mp4")
        #expect(failure.why.contains("not a file"))
        #expect(failure.remedy != nil)
        #expect(stage.app.playlist.items.isEmpty)

        // What is usable is opened all the same.
        let video = try await stage.video()
        await stage.app.playlist.add([video], addresses: ["sftp://host/\u{202e}\u{1b}x"])
        let other = try #require(stage.app.notices.takeFailures().first)
        #expect(other.subject?.contains("\u{1b}") == false)
        #expect(stage.app.playlist.items.map(\.path) == [video])
        #expect(await stage.close())
    }

    @Test func aNameThatIsNotUTF8IsRefusedAndNotTakenForAnother() async throws {
        let stage = try AppStage()
        let name = try Self.hostileName()
        let path = stage.folder.path.appending(name)
        try create(path)
        // The file that a name with U+FFFD would mean.
        try create(stage.folder["a\u{fffd}.mp4"])
        await stage.app.start(opening: [path])
        let failure = try #require(stage.app.notices.takeFailures().first)
        #expect(failure.subject?.contains("a\u{fffd}.mp4") == true)
        #expect(failure.why.contains("not valid UTF-8"))
        #expect(stage.app.playlist.items.isEmpty)
        #expect(await stage.close())
    }

    @Test func theOtherVideosOfAFolderAreOpened() async throws {
        let stage = try AppStage()
        let folder = stage.folder["videos"]
        try Folder.create(folder)
        try create(folder.appending(try Self.hostileName()))
        for name in ["b.MP4", ".hidden.mp4", "notes.txt"] { try create(folder.appending(name)) }
        await stage.app.start(opening: [folder])
        #expect(stage.app.playlist.items.map(\.name) == ["b.MP4"])
        let whys = stage.app.notices.takeFailures().map(\.why)
        #expect(whys.contains { $0.contains("not valid UTF-8") })
        #expect(await stage.close())
    }

    @Test func chosenFoldersAreCheckedToo() throws {
        let notices = NoticeModel()
        let folder = try TemporaryFolder()
        #expect(notices.text(of: folder.path, address: nil) == folder.path.string)
        #expect(
            notices.text(of: folder.path.appending(try Self.hostileName()), address: nil) == nil
        )
        #expect(notices.takeFailures().count == 1)
        #expect(notices.text(of: nil, address: "smb://host/share") == nil)
        #expect(notices.takeFailures().count == 1)
        #expect(notices.text(of: nil, address: nil) == nil)
        #expect(notices.failures == [])
    }

    @Test func onlyFoldersAreShownInTheFileManager() async throws {
        let stage = try AppStage()
        let file = stage.folder["evil.desktop"]
        try create(file)
        #expect(await stage.app.isFolder(stage.folder.path))
        for path in [file, FilePath("relative"), stage.folder["missing"]] {
            #expect(await !stage.app.isFolder(path))
            #expect(stage.app.notices.takeFailures().count == 1)
        }
        #expect(await stage.close())
    }

    @Test func textsOfOthersAreShortAndVisible() {
        #expect(displayed("a\u{1b}[31m\nb") == "a\\u{1b}[31m\\nb")
        let long = displayed(String(repeating: "e\u{301}", count: 1 << 20))
        #expect(long.unicodeScalars.count == Limits.lineLength + 1)
        #expect(entryText("a\0b") == "a")
        #expect(entryText(String(repeating: "x", count: 1 << 20)).count == Limits.entryLength)
    }

    @Test func theSameFailureIsShownOnce() {
        let notices = NoticeModel()
        for number in 0..<100 {
            notices.fail(EightCutError(.inputOutput, "w", because: "always the same"))
            notices.fail(EightCutError(.inputOutput, "w", because: "\(number)"))
        }
        #expect(notices.failures.count == 10)
        notices.say(String(repeating: "long", count: 1 << 20))
        #expect(notices.takeToasts()[0].text.utf8.count < 2000)
    }
}
