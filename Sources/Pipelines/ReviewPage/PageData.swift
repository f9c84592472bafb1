import ClipLibrary
import Diagnostics
import SystemPackage

/// What the page knows, as JSON in it.
package struct PageData: Encodable {
    private let v = 1
    private let reviewer: String
    private let clips: [PageClip]

    /// - Parameters:
    ///   - reviewer: the name that the page suggests.
    ///   - clips: in the order in which they are asked about.
    package init(reviewer: String, clips: [PageClip]) {
        (self.reviewer, self.clips) = (reviewer, clips)
    }
}

/// A clip on the page. What a verdict is on has the names that `VerdictFile` reads.
package struct PageClip: Sendable, Encodable {
    /// The number in the library.
    let clip: Int64
    let path: String
    let masksDigest: String
    let draw: ClipVerdict.Draw
    /// Of the masks, 0…1, to three digits; nil where they were not judged.
    let score: Double?
    /// Of the file, without its ending.
    let name: String
    let label: String?
    let category: String?
    /// Relative to the page.
    let video: String
    /// Relative to the page.
    let poster: String

    /// - Parameters:
    ///   - clip: the clip.
    ///   - masksDigest: which masks.
    ///   - score: of the masks, 0…1; nil where they were not judged.
    ///   - draw: how the clip came up.
    ///   - overlay: the names of its files.
    package init(
        _ clip: (id: Int64, path: String, label: String?, category: String?),
        masksDigest: String,
        score: Double?,
        draw: ClipVerdict.Draw,
        _ overlay: OverlayName
    ) {
        (self.clip, path, label, category) = clip
        self.masksDigest = masksDigest
        self.draw = draw
        self.score = score.map { ($0 * 1000).rounded() / 1000 }
        name = ClipName.stem(of: FilePath(clip.path).lastComponent?.string ?? "")
        video = "\(PageFolder.overlays)/\(overlay.video)"
        poster = "\(PageFolder.overlays)/\(overlay.poster)"
    }

    init(_ asked: AskedClip, _ overlay: OverlayName) {
        let clip = asked.clip
        self.init(
            (clip.id, clip.path, clip.label, clip.category),
            masksDigest: asked.digest,
            score: asked.masks.score,
            draw: asked.draw,
            overlay
        )
    }
}

/// The names of the files of a clip: its number, the start of the masks' digest, and the columns. So
/// files that are there need not be made again, and no page shows those of other masks.
package struct OverlayName: Sendable {
    private static let digits = 12
    private static let endings = [".mp4", ".jpg"]
    private let stem: String

    /// - Parameters:
    ///   - clip: its number.
    ///   - digest: of its masks, in hex.
    ///   - width: the most columns.
    ///
    /// Nil for a digest that is none.
    package init?(clip: Int64, digest: String, width: Int) {
        let digest = digest.utf8.prefix(Self.digits)
        guard clip >= 0, digest.count == Self.digits, digest.allSatisfy(Self.isHex) else {
            return nil
        }
        stem = "\(clip)-\(String(decoding: digest, as: UTF8.self))-\(width)"
    }

    package var video: FilePath.Component { component(Self.endings[0]) }
    package var poster: FilePath.Component { component(Self.endings[1]) }

    private func component(_ ending: String) -> FilePath.Component {
        FilePath.Component(stem + ending) ?? "overlay"
    }

    /// Whether a file can be one of ours, by its name.
    package static func isOne(_ name: String) -> Bool {
        guard let ending = endings.first(where: { name.hasSuffix(exactly: $0) }),
            let stem = name.removing(suffix: ending)
        else { return false }
        let parts = stem.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[1].count == digits && parts[1].allSatisfy(isHex)
            && [parts[0], parts[2]].allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
