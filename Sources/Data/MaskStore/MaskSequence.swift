import Diagnostics
import Files
import Imaging
import SystemPackage

/// The masks in a folder, in the order of their numbers: `00000.png`, `00001.png`, … as benchmarks
/// have them, or `frame_0000.png`, `frame_0001.png`, …
package struct MaskSequence: Sendable {
    package let folder: FilePath
    private let files: [(number: Int, name: String)]
    /// What 8cut's masks show; nil for those of other programs.
    private let polarity: MaskPolarity?

    /// - Throws: `EightCutError` when there is no such folder or no mask in it, when two files have
    ///   the same number, or when a manifest of 8cut cannot be read.
    package init(_ folder: FilePath) throws {
        let folder = folder.absolute
        let kind = (try? Folder.kind(of: folder)) ?? .missing
        guard kind == .folder else {
            throw EightCutError(
                .inputMissing,
                "cannot find masks in",
                on: folder.string,
                because: kind == .missing ? "there is no such folder" : "it is no folder"
            )
        }
        self.folder = folder
        files = try Self.files(in: folder)
        polarity = try MaskManifest(foundIn: folder)?.polarity
    }

    private static func files(in folder: FilePath) throws -> [(number: Int, name: String)] {
        let files = try Folder.names(in: folder).compactMap { name in
            number(of: name).map { (number: $0, name: name) }
        }.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        guard !files.isEmpty else {
            throw EightCutError(
                .inputUnusable,
                "cannot find masks in",
                on: folder.string,
                because: "no file is named 00000.png or frame_0000.png, and so on"
            )
        }
        let repeated = zip(files, files.dropFirst()).first { $0.number == $1.number }
        if let (first, second) = repeated {
            throw EightCutError(
                .inputUnusable,
                "cannot order the masks in",
                on: folder.string,
                because: "\(quoted(first.name)) and \(quoted(second.name)) have the same number",
                remedy: "Move one of them away."
            )
        }
        return files
    }

    /// The number in a file's name; nil for a file that is no mask.
    private static func number(of name: String) -> Int? {
        var stem = Array(name.utf8)[...]
        let (prefix, suffix) = (Array("frame_".utf8), Array(".png".utf8))
        guard stem.suffix(suffix.count).elementsEqual(suffix) else { return nil }
        stem = stem.dropLast(suffix.count)
        if stem.starts(with: prefix) { stem = stem.dropFirst(prefix.count) }
        return DecimalName.value(stem)
    }

    package var count: Int { files.count }

    /// The numbers in their names, in order.
    var numbers: [Int] { files.map(\.number) }

    package func path(_ index: Int) -> FilePath { folder.appending(files[index].name) }

    /// The object that a file shows.
    ///
    /// - Returns: 255 on the object and 0 elsewhere: what the manifest says where 8cut has made the
    ///   masks, else all that is not black, as benchmarks have it.
    /// - Throws: `EightCutError` when the file cannot be read.
    package func object(_ index: Int) throws -> GrayImage {
        guard let polarity else { return try PNG.readNonZero(path(index)) }
        return polarity.object(in: try PNG.readGray(path(index)))
    }

    /// The first place where the numbers of two sequences do not agree; nil where they do. Sequences
    /// with even steps agree, whatever the steps are: every fifth frame may have got masks that
    /// count from 0.
    func mismatch(_ other: MaskSequence) -> Int? {
        if hasEvenSteps, other.hasEvenSteps { return nil }
        return zip(files, other.files).enumerated().first { _, pair in
            pair.0.number - files[0].number != pair.1.number - other.files[0].number
        }?.offset
    }

    private var hasEvenSteps: Bool {
        let steps = zip(files, files.dropFirst()).map { $1.number - $0.number }
        return steps.allSatisfy { $0 == steps.first }
    }
}
