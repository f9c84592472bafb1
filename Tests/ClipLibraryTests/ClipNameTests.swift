import ClipLibrary
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Names of clips, as bytes.
@Suite struct ClipNameTests {
    @Test(arguments: [
        "", "a/b", "a/\u{301}b", ".a", ".\u{301}b", "a\nb", "a\u{7f}b", "a\u{85}b", "a\u{202e}b",
        "a\u{2066}b", "a\u{2028}b", String(repeating: "a", count: 131),
    ])
    func namesThatNoFileMayHave(name: String) {
        #expect(throws: EightCutError.self) { try ClipName.check(name) }
    }

    @Test(arguments: ["dog", "v1.5", "100%", "it's", "Hund\u{308}e", "犬", "a.mp4", "a\u{200d}b"])
    func namesThatFilesMayHave(name: String) throws {
        try ClipName.check(name)
        let stem = ClipName.stem(name, 7)
        #expect(ClipName.stem(of: stem + ".mp4") == stem && ClipName.stem(of: stem) == stem)
        #expect(ClipName.number(of: stem + ".mkv", name: name) == 7)
        #expect(ClipName.isOfClip(stem) && ClipName.isOfClip(stem + ".mp4"))
        #expect(ClipName.isOfClip(ClipName.stem(name, 1234, sibling: 12) + ".mkv"))
    }

    @Test(arguments: [
        "dog", "dog.mp4", "dog_1.mp4", "dog_01", "_001", ".dog_001", "dog_001.mov", "dog_001_",
        "dog_1_001x", "dog_001_1_1", "dog_m001", "dog_001_m1_m1", "dog_001_1_m1", "m1_0",
    ])
    func namesThatNoClipHas(name: String) {
        #expect(!ClipName.isOfClip(name))
    }

    @Test(arguments: ["dog_001_m1_0.mp4", "dog_001_m12.mp4", "dog_001_m1000_12", "dog_001_3.mkv"])
    func namesWithSeveralNumbers(name: String) {
        #expect(ClipName.base(of: name) == "dog")
        #expect(ClipName.number(of: name, name: "dog") == 1)
    }

    @Test func pathsOfClipsAreAbsoluteAndPlain() {
        #expect(LibraryPath.place("/c/a_001.mp4")?.name == "a_001.mp4")
        for path in ["", "/", "a", "/c/../a", "/c/./a", "/c//a", "/c/a\0b", "/c/.."] {
            #expect(LibraryPath.place(path) == nil || path == "/c//a", "\(path)")
        }
    }

    @Test func pathsThatAPersonNamesAreMadePlain() throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["real"].appending("inner"))
        symlink("real/inner", folder["link"].string)
        for (path, plain) in [
            (folder["a"].appending(".").appending("b"), folder["a"].appending("b")),
            (folder["link"].appending("new"), folder["real/inner/new"]),
            (folder["link"].appending("..").appending("new"), folder["real"].appending("new")),
            (folder["none"].appending("..").appending("new"), folder["new"]),
        ] {
            let found = LibraryPath.plain(path)
            #expect(found == plain || found.string.hasSuffix(plain.string), "\(path): \(found)")
            #expect(LibraryPath.place(found.string) != nil)
        }
    }
}
