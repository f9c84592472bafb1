import Diagnostics
import Files
import MLTools
import SystemPackage
import TestSupport
import Testing

/// What is taken out of wheels, and out of what only claims to be one.
@Suite struct WheelTests {
    /// An archive with one member, `a/b.txt`, which has these bytes.
    private static func archive(_ content: String, at path: FilePath) async throws {
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a/b.txt", sys.argv[2])
            """
        let result = try await Program.run("python3", ["-I", "-c", script, path.string, content])
        try #require(result.status == 0, "\(result.errors)")
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        let digest = Digest()
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }

    /// A member as it is pinned.
    private static func member(_ content: String, at path: String = "a/b.txt") -> PinnedWheel.Member
    {
        PinnedWheel.Member(path, bytes: content.utf8.count, sha256: hash(Array(content.utf8)))
    }

    private static func contents(
        of file: FilePath,
        _ member: PinnedWheel.Member,
        hash: String? = nil
    ) async throws -> [[UInt8]] {
        let bytes = try MaskSet.bytes(of: file)
        let wheel = PinnedWheel(
            "name",
            "1.0",
            bytes: bytes.count,
            sha256: hash ?? Self.hash(bytes),
            members: [member]
        )
        return try await WheelDownload(wheel, home: EightCutHome(file.removingLastComponent()))
            .contents(of: file, in: file.removingLastComponent())
    }

    @Test func aMemberIsWhatItWas() async throws {
        let folder = try TemporaryFolder()
        try await Self.archive("content", at: folder["x.whl"])
        let found = try await Self.contents(of: folder["x.whl"], Self.member("content"))
        #expect(found == [Array("content".utf8)])
    }

    @Test(arguments: [
        (Self.member("content", at: "a/c.txt"), "no item named"),
        (Self.member("content", at: "../b.txt"), "no item named"),
        (Self.member("other"), "a/b.txt is not what it should be"),
        (Self.member("content and more"), "a/b.txt is not what it should be"),
        (Self.member("x"), "a/b.txt is not what it should be"),
    ])
    func anotherMemberIsAnError(member: PinnedWheel.Member, why: String) async throws {
        let folder = try TemporaryFolder()
        try await Self.archive("content", at: folder["x.whl"])
        let error = await #expect(throws: EightCutError.self) {
            try await Self.contents(of: folder["x.whl"], member)
        }
        #expect(error?.code == .downloadDamaged && error?.subject == "name==1.0")
        #expect(error?.why.contains(why) == true, "\(String(describing: error))")
    }

    /// A member of a million times its compressed size is not read further than it may be long.
    @Test func aBombDoesNotFillTheDisk() async throws {
        let folder = try TemporaryFolder()
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
                with archive.open("a/b.txt", "w") as member:
                    for _ in range(64):
                        member.write(bytes(1 << 20))
            """
        let path = folder["x.whl"]
        let made = try await Program.run("python3", ["-I", "-c", script, path.string])
        try #require(made.status == 0, "\(made.errors)")
        await #expect(throws: EightCutError.self) {
            try await Self.contents(of: path, Self.member("content"))
        }
        let unpacked = folder["member-0"]
        #expect(try MaskSet.bytes(of: unpacked).count == "content".utf8.count)
    }

    @Test func aFileOfAnotherHashIsNotOpened() async throws {
        let folder = try TemporaryFolder()
        try await Self.archive("content", at: folder["x.whl"])
        let other = String(repeating: "0", count: 64)
        let error = await #expect(throws: EightCutError.self) {
            try await Self.contents(of: folder["x.whl"], Self.member("content"), hash: other)
        }
        #expect(error?.why.contains("another SHA-256") == true)
        #expect(try Folder.names(in: folder.path) == ["x.whl"])
    }

    @Test func whatIsNoArchiveIsAnError() async throws {
        let folder = try TemporaryFolder()
        for text in ["", "no archive", "PK\u{3}\u{4}"] {
            try AtomicFile.write(text, to: folder["x.whl"])
            let error = await #expect(throws: EightCutError.self) {
                try await Self.contents(of: folder["x.whl"], Self.member("content"))
            }
            #expect(error?.code == .downloadDamaged)
            #expect(error?.why.contains("not a zip file") == true, "\(String(describing: error))")
        }
    }
}
