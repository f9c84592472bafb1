import Diagnostics
import Files
import Previews
import SystemPackage

/// The folder of a page: `index.html`, and the overlays in `clips`. It is locked as long as this lives.
struct PageFolder {
    static let overlays = "clips"
    static let index: FilePath.Component = "index.html"

    /// Where the overlays are.
    let clips: OpenFolder
    /// The name under which browsers keep verdicts: that of the page that was there, so that a new
    /// page in its place knows them.
    let page: String
    private let folder: OpenFolder
    private let lock: FolderLock

    /// Opens the folder; makes it where it is missing.
    ///
    /// - Throws: `EightCutError` when it cannot be made or written, another run is working on it, or
    ///   its `index.html` is that of others.
    init(_ path: FilePath) throws {
        let folder = try OpenFolder.creating(path.absolute)
        lock = try FolderLock(folder)
        page = try Self.page(in: folder) ?? Self.newPage()
        try folder.requireWritable(for: Self.index)
        try folder.removeStaleTemporaries()
        clips = try folder.createFolder(FilePath.Component(Self.overlays) ?? "clips")
        try clips.removeStaleTemporaries()
        self.folder = folder
    }

    var path: FilePath { folder.path.appending(Self.index) }

    private static let pageDigits = 16

    private static func newPage() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: pageDigits - digits.utf8.count) + digits
    }

    /// The name of the page that is there; nil where there is none.
    private static func page(in folder: OpenFolder) throws -> String? {
        guard let file = try folder.open(index) else { return nil }
        let head = Array(PageMarkup.head.utf8)
        let start: [UInt8]
        do {
            start = try file.closeAfter {
                try [UInt8](unsafeUninitializedCapacity: head.count + pageDigits) { buffer, count in
                    count = try file.read(
                        fromAbsoluteOffset: 0,
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                }
            }
        } catch let error as Errno {
            throw fileError("cannot read", folder.path.appending(index), error)
        }
        let page = start.dropFirst(head.count)
        guard start.starts(with: head), page.count == pageDigits,
            page.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw EightCutError(
                .outputUnusable,
                "cannot write the page",
                on: folder.path.appending(index).string,
                because: "there is a page that 8cut did not make",
                remedy: "Choose another folder, or move that file away."
            )
        }
        return String(decoding: page, as: UTF8.self)
    }

    /// Writes the page, in the place of the one that was there.
    ///
    /// - Throws: `EightCutError`; the old page is then unchanged.
    func write(_ html: String) throws {
        try folder.requireStillThere()
        try folder.write(html, to: Self.index)
    }

    /// Deletes overlays and posters of ours that no page needs any more.
    ///
    /// - Parameter used: the names of the others.
    /// - Throws: `EightCutError` when one cannot be deleted.
    func removeUnused(keeping used: Set<FilePath.Component>) throws {
        for name in try clips.names() where OverlayName.isOne(name.string) && !used.contains(name) {
            let path = clips.path.appending(name)
            try PreviewOutput.removeMade(
                path,
                name.string.hasSuffix(exactly: ".jpg") ? .poster : .preview
            )
        }
    }
}
