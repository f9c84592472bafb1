import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing
import Tokenizers

/// Against the reference: Tests/Fixtures/tokenizer/README.md.
@Suite struct CLIPTokenizerTests {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("tokenizer")

    private let tokenizer: CLIPTokenizer
    private let expected: LocatedJSON

    init() throws {
        tokenizer = try CLIPTokenizer(folder: Self.folder)
        let path = Self.folder.appending("expected.json")
        expected = try LocatedJSON(parsing: SmallFile.read(path, limit: 1 << 24))
    }

    private func numbers(_ json: LocatedJSON?) throws -> [Int32] {
        try #require(json?.items).map { Int32(try #require($0.integer)) }
    }

    @Test func labelsInAllTemplatesHaveTheTokensOfTheReference() throws {
        let templates = try #require(expected["templates"]?.items).compactMap(\.string)
        let labels = try #require(expected["labels"]?.items).compactMap(\.string)
        let tokens = try #require(expected["labelTokens"]?.items)
        #expect(labels.count == 309 && tokens.count == 309 && templates.count == 9)
        for (label, tokens) in zip(labels, tokens) {
            for (template, tokens) in zip(templates, try #require(tokens.items)) {
                let text = template.replacing(exactly: "{}", with: label)
                #expect(try tokenizer.tokens(of: text) == numbers(tokens), "\(text)")
            }
        }
    }

    @Test func oddTextsHaveTheTokensOfTheReference() throws {
        let cases = try #require(expected["odd"]?.items)
        #expect(cases.count == 30)
        for item in cases {
            let text = try #require(item["text"]?.string)
            #expect(try tokenizer.tokens(of: text) == numbers(item["tokens"]), "\(quoted(text))")
        }
    }

    @Test func anEmptyTextIsStartAndEnd() {
        #expect(tokenizer.tokens(of: "") == [49406, 49407])
        #expect(tokenizer.start == 49406 && tokenizer.end == 49407)
    }

    @Test func bytesStandInTheOrderOfTheVocabulary() {
        #expect(BytePairEncoding.byteScalars[0] == "\u{100}")
        #expect(BytePairEncoding.byteScalars[0x20] == "\u{120}")
        #expect(BytePairEncoding.byteScalars[0x7F] == "\u{121}")
        #expect(BytePairEncoding.byteScalars[0xAD] == "\u{143}")
        #expect(Set(BytePairEncoding.byteScalars).count == 256)
    }

    /// The files of the fixture with one of them changed.
    private func failure(
        changing name: String,
        _ change: (String) -> String?
    ) throws -> EightCutError? {
        let folder = try TemporaryFolder()
        for file in ["vocab.json", "merges.txt", "tokenizer_config.json"] {
            let bytes = try SmallFile.read(Self.folder.appending(file), limit: 1 << 20)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let changed = file == name ? change(text) : text else { continue }
            try Array(changed.utf8).withUnsafeBytes {
                try AtomicFile.write($0, to: folder[file])
            }
        }
        do {
            _ = try CLIPTokenizer(folder: folder.path)
            return nil
        } catch let error as EightCutError {
            #expect(error.subject == folder[name].string)
            return error
        }
    }

    @Test func filesThatDoNotFitAreNamed() throws {
        #expect(try failure(changing: "vocab.json") { _ in nil }?.code == .inputMissing)
        #expect(try failure(changing: "merges.txt") { _ in nil }?.code == .inputMissing)
        #expect(try failure(changing: "vocab.json") { _ in "[" }?.code == .inputUnusable)
        #expect(try failure(changing: "vocab.json") { _ in "[]" }?.code == .inputUnusable)
        #expect(
            try failure(changing: "vocab.json") {
                $0.replacing(exactly: "\"<|endoftext|>\"", with: "\"<|other|>\"")
            }?.why.contains("<|endoftext|>") == true
        )
        #expect(
            try failure(changing: "vocab.json") {
                $0.replacing(exactly: ": 49407", with: ": \"49407\"")
            }?.why.contains("not the number of a token") == true
        )
        #expect(
            try failure(changing: "merges.txt") { $0 + "zzzz q\n" }?.why
                .contains("the vocabulary lacks") == true
        )
        #expect(
            try failure(changing: "merges.txt") { $0 + "alone\n" }?.why
                .contains("two symbols") == true
        )
        #expect(try failure(changing: "tokenizer_config.json") { _ in "{" } != nil)
        // Without its settings a tokenizer pads with no text of its own.
        #expect(try failure(changing: "tokenizer_config.json") { _ in nil } == nil)
    }
}
