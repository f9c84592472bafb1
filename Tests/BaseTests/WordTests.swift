import Files
import SystemPackage
import TestSupport
import Testing

/// The project uses the field's terms. CONTRIBUTING.md says which.
@Suite struct WordTests {
    /// Words with no right use here, in the code, in messages and in documents.
    private static let retired: Set<String> = [
        "picture", "pictures", "mend", "mends", "mended", "mending", "lean",
        "leaning", "flaw", "flaws", "refusal", "refusals", "spool", "spooled", "stamp",
        "stamps", "presence", "unsettled", "nowhere", "parted", "room", "rooms", "telling",
    ]

    /// The same for several words in a row.
    private static let retiredPhrases = [
        "sound stream", "sound streams", "key picture", "way back", "original design",
        "lets go of", "let go of", "backward frames", "no sound stream", "samples a second",
    ]

    private static let extensions = [
        "swift", "md", "py", "po", "pot", "sh", "1", "desktop", "xml", "c", "h", "txt", "",
    ]

    /// Files that name retired words on purpose, or quote what others write.
    private static let exceptions = [
        "WordTests.swift", "CHANGELOG.md", "CONTRIBUTING.md", "Schema1.swift",
        "Schema1Tests.swift", "CutSettings.swift", "LibraryBeforeRenamesTests.swift",
        "MediaTests.swift", "MaskFolderTests.swift", "slurm.py", "recordings.py",
    ]

    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    @Test(arguments: [
        "Sources", "Tests", "docs", "scripts", "tools", "Benchmarks", "po", "data", "README.md",
        "ARCHITECTURE.md", "CONTRIBUTING.md", "Makefile", "Package.swift",
    ])
    func retiredWordsAreGone(place: String) throws {
        var count = 0
        var found: [String] = []
        for file in try files(in: root.appending(place)) {
            count += 1
            guard let name = file.lastComponent?.string, !Self.exceptions.contains(name) else {
                continue
            }
            for (number, line) in try lines(of: file).enumerated() {
                let words = Self.words(line)
                let retired =
                    words.filter(Self.retired.contains)
                    + Self.retiredPhrases.filter { words.joined(separator: " ").contains($0) }
                if !retired.isEmpty { found.append("\(file.string):\(number + 1): \(retired)") }
            }
        }
        #expect(found.isEmpty, "\(found.count): \(found.prefix(20).joined(separator: "\n"))")
        #expect(count > 0, "nothing was read in \(place)")
    }

    @Test func wordsAreTakenOutOfIdentifiers() {
        #expect(
            Self.words("let coverPicture = PNGImage(x_y)") == [
                "let", "cover", "picture", "png", "image", "x", "y",
            ]
        )
    }

    private func files(in path: FilePath) throws -> [FilePath] {
        guard try Folder.kind(of: path) == .folder else { return [path] }
        var found: [FilePath] = []
        for name in try Folder.names(in: path).sorted() where !Self.isSkipped(name) {
            found += try files(in: path.appending(name))
        }
        return found.filter { Self.extensions.contains($0.extension ?? "") }
    }

    /// Fixtures hold what other versions and programs wrote.
    private static func isSkipped(_ name: String) -> Bool {
        ["Fixtures", "images", "__pycache__"].contains(name)
    }

    private func lines(of file: FilePath) throws -> [Substring] {
        String(decoding: try MaskSet.bytes(of: file), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The words of a text in lower case; identifiers are taken apart where their case changes.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        let bytes = Array(text.utf8)
        func isLower(_ place: Int) -> Bool {
            bytes.indices.contains(place) && (0x61...0x7a).contains(bytes[place])
        }
        for (place, byte) in bytes.enumerated() {
            let isUpper = (0x41...0x5a).contains(byte)
            let begins = isUpper && (isLower(place - 1) || isLower(place + 1))
            if (begins || !(isUpper || isLower(place))) && !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word = []
            }
            if isUpper || isLower(place) { word.append(byte | 0x20) }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static func words(_ text: String) -> [String] { words(Substring(text)) }
}
