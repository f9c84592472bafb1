import Diagnostics

/// A place along the width or the height of the frame.
package enum Length: Sendable, Equatable {
    /// A number of pixels of the video; 0 is the first pixel.
    case pixels(Double)
    /// A part of the width or the height: 0 is the first pixel, 1 is behind the last one.
    case fraction(Double)

    /// The number of pixels, given those of the width or the height.
    func pixels(of side: Int) -> Double {
        switch self {
        // Adding 0 turns -0 into 0.
        case .pixels(let number): number + 0
        case .fraction(let number): number * Double(side) + 0
        }
    }
}

/// The two sides of the frame.
enum Axis: Character {
    case x = "w"
    case y = "h"

    var name: String { self == .x ? "width" : "height" }

    /// The length as people write it.
    func text(of length: Length) -> String {
        switch length {
        case .pixels(let number): plain(number)
        case .fraction(let number): plain(number) + String(rawValue)
        }
    }
}

extension Axis {
    /// Reads "640" or "0.5w"; `field` is what to call it in messages: "x".
    ///
    /// - Throws: `EightCutError` when it is neither, or not finite.
    func length(_ text: some StringProtocol, _ field: String, _ origin: PromptOrigin) throws
        -> Length
    {
        let trimmed = text.drop { $0 == " " }
        let word = String(trimmed.reversed().drop { $0 == " " }.reversed())
        let isFraction = word.last == rawValue
        let digits = isFraction ? String(word.dropLast()) : word
        let other: Axis = self == .x ? .y : .x
        if word.last == other.rawValue, Double(word.dropLast()) != nil {
            throw origin.refusal(
                "\(field) is \(quoted(word)), a part of the \(other.name), where a part of the "
                    + "\(name) belongs",
                remedy: "Write \(word.dropLast())\(rawValue), or a number of pixels."
            )
        }
        guard let number = Double(digits), !digits.contains(where: { $0 == "x" || $0 == "X" })
        else {
            throw origin.refusal(
                "\(field) is \(quoted(word)), which is no number",
                remedy: "Write pixels, such as 640, or a part of the \(name), such as "
                    + "0.5\(rawValue)."
            )
        }
        guard number.isFinite else {
            throw origin.refusal(
                "\(field) is \(quoted(word)), which is not finite",
                remedy: "Write pixels, such as 640, or a part of the \(name), such as "
                    + "0.5\(rawValue)."
            )
        }
        return isFraction ? .fraction(number) : .pixels(number)
    }
}

/// A number without ".0" at its end.
func plain(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
