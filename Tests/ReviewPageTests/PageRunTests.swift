import ClipLibrary
import ClipReview
import Diagnostics
import Files
import Progress
import ReviewPage
import SystemPackage
import TestSupport
import Testing

/// Where a page may be written. Pages with clips are tested with the built program.
@Suite struct PageRunTests {
    private let folder: TemporaryFolder
    private var page: FilePath { folder["page"] }
    private var index: FilePath { page.appending("index.html") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ path: FilePath? = nil) async throws -> PageRun.Summary {
        try await PageRun(
            nil,
            PageSelection(ClipFilter(), try Reviewer("maria")),
            in: path ?? page,
            width: 320,
            reporter: SilentReporter()
        ).run()
    }

    private func text(_ path: FilePath) throws -> String {
        String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
    }

    @Test func aPageWithoutClipsIsAPage() async throws {
        let summary = try await run()
        #expect(summary.shown == 0 && summary.made == 0 && summary.failed == 0)
        #expect(try text(index).hasPrefix("<!doctype html>"))
        #expect(try Folder.names(in: page) == ["clips", "index.html"])
    }

    /// By it a browser finds what it has kept.
    @Test func aPageKeepsItsName() async throws {
        _ = try await run()
        let first = try text(index)
        _ = try await run()
        #expect(try text(index) == first)
        _ = try await run(folder["other"])
        #expect(try text(folder["other"].appending("index.html")) != first)
    }

    @Test(arguments: [
        "", "<html>my page</html>", "<!doctype html>\n<html lang=\"en\">\n<head>\n",
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"generator\" content=\"8cut review\">\n<meta name=\"page\" content=\"<b>",
    ])
    func aPageOfOthersStays(content: String) async throws {
        try Folder.create(page)
        try AtomicFile.write(content, to: index)
        let error = await #expect(throws: EightCutError.self) { try await run() }
        #expect(error?.code == .outputUnusable && error?.subject == index.string)
        #expect(try text(index) == content && Folder.names(in: page) == ["index.html"])
    }

    @Test func filesOfOthersStay() async throws {
        try Folder.create(page.appending("clips"))
        let others = ["clips/notes.txt", "clips/1-0123456789ab-320.mp4", "readme.txt"]
        for other in others { try AtomicFile.write("mine", to: page.appending(other)) }
        _ = try await run()
        for other in others { #expect(try text(page.appending(other)) == "mine") }
    }

    @Test func aFileInThePlaceOfAFolderStays() async throws {
        try AtomicFile.write("mine", to: page)
        await #expect(throws: EightCutError.self) { try await run() }
        #expect(try text(page) == "mine")
        try Folder.create(folder["other"])
        try AtomicFile.write("mine", to: folder["other"].appending("clips"))
        await #expect(throws: EightCutError.self) { try await run(folder["other"]) }
        #expect(try Folder.names(in: folder["other"]) == ["clips"])
    }

    @Test func twoRunsDoNotWriteOnePage() async throws {
        try Folder.create(page)
        let lock = try FolderLock(page)
        let error = await #expect(throws: EightCutError.self) { try await run() }
        #expect(error?.code == .outputBusy)
        withExtendedLifetime(lock) {}
    }
}
