import Files
import Imaging

extension PromptList {
    /// The prompts as the text of a prompts file, with absolute paths of masks. They are `placed`
    /// where `center` may be among them.
    package var json: String {
        PromptJSON.document(
            entries.map { entry in
                let (frame, object) = (entry.prompt.frame, entry.prompt.object)
                switch entry.prompt.content {
                case .point(let place, let isPositive):
                    return PromptJSON.point(
                        Self.text(place),
                        isPositive: isPositive,
                        frame: frame,
                        object: object
                    )
                case .box(let first, let last):
                    return PromptJSON.box(
                        Self.text(first) + Self.text(last),
                        frame: frame,
                        object: object
                    )
                case .mask(let path):
                    return PromptJSON.mask(path.absolute.string, frame: frame, object: object)
                }
            }
        )
    }

    private static func text(_ place: Coordinate) -> [String] {
        [PromptJSON.length(place.x, .x), PromptJSON.length(place.y, .y)]
    }
}

extension ResolvedPrompts {
    /// Longer fingerprints are replaced by their digest.
    private static let readableLength = 1000

    /// The prompts in pixels as the text of a prompts file; equal for all prompts with the same
    /// meaning. Masks are given as "sha256:" and the SHA-256 of their pixels.
    package var canonicalJSON: String {
        PromptJSON.document(
            objects.flatMap { object in
                object.frames.flatMap { Self.lines($0, of: object.number) }
            }
        )
    }

    /// Identifies the prompts: `canonicalJSON`, or "sha256:" and its SHA-256 if it is long.
    package var fingerprint: String {
        let text = canonicalJSON
        guard text.utf8.count > Self.readableLength else { return text }
        return Self.sha256(Array(text.utf8))
    }

    private static func lines(_ frame: ResolvedPrompt, of object: Int) -> [String] {
        switch frame.input {
        case .mask(let image):
            return [PromptJSON.mask(sha256(image.pixels), frame: frame.frame, object: object)]
        case .marks(let box, let points):
            let boxes = [box].compactMap(\.self).map { box in
                PromptJSON.box(
                    [box.x0, box.y0, box.x1, box.y1].map(decimal),
                    frame: frame.frame,
                    object: object
                )
            }
            return boxes
                + points.map { point in
                    PromptJSON.point(
                        [decimal(point.x), decimal(point.y)],
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

/// Writes the format of prompts files canonically: sorted names, no spaces, so that equal prompts
/// are equal texts.
private enum PromptJSON {
    static func document(_ prompts: [String]) -> String {
        "{\"prompts\":[" + prompts.joined(separator: ",") + "],\"v\":\(PromptList.version)}"
    }

    static func point(_ place: [String], isPositive: Bool, frame: Int, object: Int) -> String {
        "{\"frame\":\(frame),\"label\":\(isPositive ? 1 : 0),\"object\":\(object),\"point\":"
            + list(place) + "}"
    }

    static func box(_ corners: [String], frame: Int, object: Int) -> String {
        "{\"box\":" + list(corners) + ",\"frame\":\(frame),\"object\":\(object)}"
    }

    static func mask(_ name: String, frame: Int, object: Int) -> String {
        "{\"frame\":\(frame),\"mask\":" + text(name) + ",\"object\":\(object)}"
    }

    /// A length in JSON: `640`, `"0.5w"`.
    static func length(_ length: Length, _ axis: Axis) -> String {
        let written = axis.text(of: length)
        if case .fraction = length { return text(written) }
        return written
    }

    private static func list(_ items: [String]) -> String {
        "[" + items.joined(separator: ",") + "]"
    }

    private static func text(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\" + String(scalar)
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}
