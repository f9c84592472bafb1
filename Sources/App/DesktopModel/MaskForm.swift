/// The ways to make masks.
package enum MaskMethodChoice: String, Sendable, Codable, CaseIterable {
    /// Depth Anything V2.
    case depth
    /// SAM 2.
    case sam
    /// The built-in method.
    case saliency

    /// Whether it needs the ML tools.
    package var needsTools: Bool { self != .saliency }
}

/// What the mask row says.
package struct MaskForm: Sendable, Equatable, Codable {
    /// Which method.
    package var method = MaskMethodChoice.depth
    /// A model by name or folder; empty for the default. One for each method.
    package var depthModel = ""
    /// The same for SAM 2.
    package var samModel = ""
    /// What it runs on: "auto", "cpu", "cuda".
    package var device = "auto"
    /// Whether the object is black.
    package var isInverted = false
    /// Where the map is cut: a level from 0 to 255, or nil for Otsu's.
    package var threshold: Int?
    /// Whether depth masks are kept from flickering.
    package var isSteady = true
    /// How steady the built-in method is, from 0 to 1.
    package var smoothness = 0.6

    /// What nobody has changed.
    package init() {}

    /// The model of the method that is chosen; empty for the default.
    package var model: String {
        get { method == .sam ? samModel : depthModel }
        set { if method == .sam { samModel = newValue } else { depthModel = newValue } }
    }

    /// The options of `8cut masks` that say the same.
    ///
    /// - Parameter marks: what the user has shown of the object.
    /// - Returns: the words behind the program's name.
    package func arguments(_ marks: [Mark]) -> [String] {
        var words = ["masks", method.rawValue]
        if isInverted { words.append("--invert") }
        if method.needsTools { words += modelArguments }
        switch method {
        case .depth:
            if isSteady { words.append("--steady") }
        case .sam:
            words += marks.flatMap(\.arguments)
        case .saliency:
            words += ["--smooth", "\(smoothness)"]
        }
        if method != .sam, let threshold { words += ["--threshold", "\(threshold)"] }
        return words
    }

    /// The options that say which model runs, and on what.
    var modelArguments: [String] {
        var words = ["--device", device]
        if !model.isEmpty { words += ["--model", model] }
        return words
    }
}
