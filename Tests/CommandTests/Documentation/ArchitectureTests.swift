import Files
import SystemPackage
import TestSupport
import Testing

/// ARCHITECTURE.md describes the code as it is.
@Suite struct ArchitectureTests {
    @Test func everyTargetIsInATable() throws {
        let rows = try Document("ARCHITECTURE.md").prose.filter { $0.hasPrefix("| ") }
        let listed = Set(rows.flatMap { $0.matches(of: /\w+/).map { String($0.0) } })
        let targets = try folders(in: "Sources").flatMap { group in
            try folders(in: "Sources/\(group)").flatMap { target in
                target == "System" ? try folders(in: "Sources/\(group)/System") : [target]
            }
        }
        #expect(targets.count > 35)
        for target in targets { #expect(listed.contains(target), "\(target)") }
    }

    /// Types and functions that the documents for engineers name are declared somewhere.
    @Test(arguments: ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/explanation/decisions.md"])
    func namedTypesExist(name: String) throws {
        let declared = try declarations(in: "Sources").union(try declarations(in: "Tests"))
        let document = try Document(name)
        let code =
            document.blocks.filter { $0.language.isEmpty }.map(\.text)
            + document.prose.joined(separator: "\n").matches(of: /`([^`]+)`/).map { String($0.1) }
        let names = Set(
            code.flatMap { $0.matches(of: /\b[A-Z][a-z0-9]+[A-Z]\w*/).map { String($0.0) } }
        )
        #expect(!names.isEmpty && declared.count > 500)
        for named in names.sorted() { #expect(declared.contains(named), "\(named)") }
    }

    /// The names of types that are declared below a folder, and of the folders themselves.
    private func declarations(in path: String) throws -> Set<String> {
        let folder = Document.root.appending(path)
        var names: Set<String> = []
        for name in try Folder.names(in: folder) {
            if name.hasSuffix(".swift") {
                let text = String(
                    decoding: try MaskSet.bytes(of: folder.appending(name)),
                    as: UTF8.self
                )
                let words = text.utf8.split { !Self.isOfName($0) }.map { String(Substring($0)) }
                for (keyword, word) in zip(words, words.dropFirst())
                where Self.keywords.contains(keyword) { names.insert(word) }
            }
        }
        for inner in try folders(in: path) where inner != "Fixtures" {
            names.insert(inner)
            names.formUnion(try declarations(in: "\(path)/\(inner)"))
        }
        return names
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static let keywords: Set = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    private func folders(in path: String) throws -> [String] {
        let folder = Document.root.appending(path)
        return try Folder.names(in: folder).filter {
            try Folder.kind(of: folder.appending($0)) == .folder
        }
    }
}
