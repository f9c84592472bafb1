import Files
import Imaging

extension ResolvedPrompts {
    /// The most characters that a fingerprint has which says the prompts themselves.
    private static let readableLength = 1000

    /// The prompts in pixels as the text of a file of prompts, the same for prompts that mean the
    /// same, however they were given. In the place of a mask's name stands "sha256:" and the
    /// SHA-256 of its pixels.
    package var canonicalJSON: String {
        PromptJSON.document(
            objects.flatMap { object in
                object.frames.flatMap { Self.lines($0, of: object.number) }
            }
        )
    }

    /// Tells whether two runs were given the same: `canonicalJSON`, or "sha256:" and its SHA-256
    /// when it is long.
    package var fingerprint: String {
        let text = canonicalJSON
        guard text.utf8.count > Self.readableLength else { return text }
        return Self.sha256(Array(text.utf8))
    }

    private static func lines(_ frame: ResolvedFrame, of object: Int) -> [String] {
        switch frame.input {
        case .mask(let image):
            return [PromptJSON.mask(sha256(image.pixels), frame: frame.frame, object: object)]
        case .marks(let box, let points):
            let boxes = [box].compactMap(\.self).map { box in
                PromptJSON.box(
                    [box.x0, box.y0, box.x1, box.y1].map(plain),
                    frame: frame.frame,
                    object: object
                )
            }
            return boxes
                + points.map { point in
                    PromptJSON.point(
                        [plain(point.x), plain(point.y)],
                        isPositive: point.isPositive,
                        frame: frame.frame,
                        object: object
                    )
                }
        }
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        let digest = Digest()
        bytes.withUnsafeBytes { digest.update($0) }
        return "sha256:" + digest.finish()
    }
}
