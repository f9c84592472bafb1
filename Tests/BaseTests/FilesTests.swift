import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite struct FilesTests {
    @Test func aFailedWriteLeavesTheOldFileAndNothingElse() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("old", to: folder["file"])

        #expect(throws: EightCutError.self) {
            try AtomicFile.write(to: folder["file"]) { descriptor in
                try descriptor.writeAll("half of the new".utf8)
                throw Errno.noSpace
            }
        }

        #expect(try MaskSet.bytes(of: folder["file"]) == Array("old".utf8))
        #expect(try Folder.names(in: folder.path) == ["file"])
    }

    @Test func aLongNameIsWrittenToo() throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "ä", count: 120) + ".png"
        try AtomicFile.write("text", to: folder[name])
        #expect(try Folder.names(in: folder.path) == [name])
    }

    @Test func aFullDiskIsReportedAsSuch() {
        let error = fileError("cannot write", "/x/frame_0000.png", .noSpace)
        #expect(error.code == .inputOutput)
        #expect(error.why == "the disk is full")
        #expect(error.remedy?.contains("same command") == true)
    }

    @Test func theFingerprintFollowsTheContentAtBothEnds() throws {
        let folder = try TemporaryFolder()
        var bytes = [UInt8](repeating: 7, count: 3 << 20)
        func fingerprint() throws -> FileFingerprint {
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder["file"]) }
            return try FileFingerprint(of: folder["file"])
        }
        let first = try fingerprint()
        #expect(try fingerprint().hasSameContent(as: first))
        bytes[10] = 8
        let head = try fingerprint()
        #expect(!head.hasSameContent(as: first))
        bytes[10] = 7
        bytes[bytes.count - 1] = 8
        #expect(try !fingerprint().hasSameContent(as: first))
    }

    @Test func theFingerprintIsSHA256() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("abc", to: folder["file"])
        // FIPS 180-2, appendix B.1.
        #expect(
            try FileFingerprint(of: folder["file"]).headAndTailSHA256
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func aFolderIsLockedOnce() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try FolderLock(folder.path)
            let error = #expect(throws: EightCutError.self) { _ = try FolderLock(folder.path) }
            #expect(error?.code == .outputBusy)
            withExtendedLifetime(lock) {}
        }
        _ = try FolderLock(folder.path)
    }

    @Test func foldersAreMadeWithThoseAboveThem() throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["a"].appending("b").appending("c"))
        try Folder.create(folder["a"].appending("b").appending("c"))
        #expect(try Folder.kind(of: folder["a/b/c"]) == .folder)
        try AtomicFile.write("x", to: folder["file"])
        #expect(throws: EightCutError.self) { try Folder.create(folder["file"].appending("d")) }
    }
}
