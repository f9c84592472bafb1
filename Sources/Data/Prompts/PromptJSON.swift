/// Writes prompts in the format of a file of prompts, names in the order of the alphabet and no
/// spaces, so that the same prompts are the same text.
enum PromptJSON {
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

    /// A length as it stands in JSON: `640`, `"0.5w"`.
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
