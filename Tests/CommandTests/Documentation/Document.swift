import Files
import SystemPackage
import TestSupport

/// A Markdown document of the repository.
struct Document: Sendable {
    /// The folder of the repository.
    static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().removingLastComponent()

    /// Paths of all documents, relative to the repository: in its root, docs, Benchmarks and tools.
    static let names: [String] =
        markdown(in: "", deep: false)
        + ["docs", "Benchmarks", "tools"].flatMap { markdown(in: $0, deep: true) }

    /// Path relative to the repository.
    let name: String
    let text: String

    /// Reads a document.
    init(_ name: String) throws {
        self.name = name
        text = String(decoding: try MaskSet.bytes(of: Self.root.appending(name)), as: UTF8.self)
    }

    /// A fenced block: what is behind its first fence, such as `sh`, and the lines inside.
    struct Block {
        let language: String
        var lines: [String] = []

        var text: String { lines.joined(separator: "\n") }

        /// Whether it runs `8cut`; the app is a program of its own.
        /// Lines of programs that install it do not count: to them it is a package, a file or an image.
        var mentionsProgram: Bool {
            lines.contains { line in
                line.contains(/\b8cut\b(?!-desktop)/)
                    && !line.contains(/^\s*(sudo apt|pip|pipx|uvx|podman|skopeo|apptainer)\s/)
            }
        }
    }

    /// The fenced blocks, in order. Those inside a list item are indented.
    var blocks: [Block] {
        parts.compactMap { part in if case .block(let block) = part { block } else { nil } }
    }

    /// The lines outside of fenced blocks.
    var prose: [String] {
        parts.compactMap { part in if case .prose(let line) = part { line } else { nil } }
    }

    /// The anchors of its headings, as GitHub makes them.
    var anchors: Set<String> {
        Set(
            prose.filter { $0.hasPrefix("#") }.map { heading in
                let title = heading.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(
                    title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                        .map { $0 == " " ? "-" : $0 }
                )
            }
        )
    }

    /// The targets of its links and images, those on the web left out.
    var links: [String] {
        prose.joined(separator: "\n").matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
            .filter { !$0.contains("://") }
    }

    /// Where a link of this document leads.
    ///
    /// - Returns: the path relative to the repository, and the anchor, empty where there is none.
    func target(of link: String) -> (name: String, anchor: String) {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let anchor = parts.count > 1 ? String(parts[1]) : ""
        guard !parts[0].isEmpty else { return (name, anchor) }
        let folder = FilePath(name).removingLastComponent()
        return (folder.pushing(FilePath(String(parts[0]))).lexicallyNormalized().string, anchor)
    }

    private enum Part {
        case prose(String)
        case block(Block)
    }

    private var parts: [Part] {
        var parts: [Part] = []
        var open: Block?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            switch (isFence, open) {
            case (true, nil):
                open = Block(language: String(line.drop { $0 == " " }.dropFirst(3)))
            case (true, let block?):
                parts.append(.block(block))
                open = nil
            case (false, nil): parts.append(.prose(line))
            case (false, _?): open?.lines.append(line)
            }
        }
        return parts
    }

    private static func markdown(in folder: String, deep: Bool) -> [String] {
        let path = folder.isEmpty ? root : root.appending(folder)
        return ((try? Folder.names(in: path)) ?? []).flatMap { name in
            let relative = folder.isEmpty ? name : "\(folder)/\(name)"
            if name.hasSuffix(".md") { return [relative] }
            guard deep, (try? Folder.kind(of: root.appending(relative))) == .folder else {
                return []
            }
            return markdown(in: relative, deep: true)
        }
    }
}
