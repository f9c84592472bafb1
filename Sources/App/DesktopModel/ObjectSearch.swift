import Detection
import Diagnostics
import Localization

/// How the object of a clip is searched.
package enum ObjectSearch: Sendable, Equatable {
    /// A detector looks for the thing that the clip's label names.
    case label(String, detector: String)
    /// What moves by itself or stands out is taken, because the label cannot be looked for; nil where
    /// somebody wants it so.
    case motion(because: Obstacle?)

    /// Why a label cannot be looked for.
    package enum Obstacle: Sendable, Equatable {
        case label(LabelQueries.Problem)
        /// The ML tools are not installed.
        case noTools
        /// No detector's checkpoint is downloaded.
        case noDetector
    }

    /// The checkpoints of detectors, the preferred one first: people wait for the answer.
    package static let detectors = ["owlv2-base", "owlv2-large"]

    /// Chooses the search for a clip: by its label where that is possible.
    ///
    /// - Parameters:
    ///   - label: the label of the clip.
    ///   - toolsAreInstalled: whether the ML tools are.
    ///   - downloaded: the names of the checkpoints that are complete.
    package init(label: String?, toolsAreInstalled: Bool, downloaded: [String]) {
        let label = label ?? ""
        do throws(LabelQueries.Problem) {
            _ = try LabelQueries(label: label)
        } catch {
            self = .motion(because: .label(error))
            return
        }
        guard toolsAreInstalled else {
            self = .motion(because: .noTools)
            return
        }
        guard let detector = Self.detectors.first(where: downloaded.contains) else {
            self = .motion(because: .noDetector)
            return
        }
        self = .label(label, detector: detector)
    }

    /// The most objects that are shown: one for each digit.
    package static let mostObjects = 9

    /// The options of `8cut detect`.
    ///
    /// - Parameter device: where a detector runs: "auto", "cpu" or "cuda".
    /// - Returns: those for this search.
    func arguments(device: String) -> [String] {
        guard case .label(let label, let detector) = self else { return [] }
        // These signs would begin the number of a frame or an object; between words they mean nothing.
        let words = entryText(label).replacing(exactly: "@", with: " ")
            .replacing(exactly: "#", with: " ")
        return [
            "--text=\(words)", "--text-model=\(detector)", "--device=\(device)",
            // How close the best one came is of interest, too.
            "--text-threshold=0", "--count=\(Self.mostObjects)",
        ]
    }

    /// The least score of an object that is proposed.
    var leastScore: Double {
        switch self {
        case .label: TextFindings.usualThreshold
        case .motion: 0
        }
    }

    /// Whether a label is looked for.
    var hasLabel: Bool {
        if case .label = self { true } else { false }
    }

    /// How it searches, and why not by the label.
    package var text: String {
        switch self {
        case .label(let label, let detector):
            localized("Search for “%1” with %2 (unproven).", displayed(label), detector)
        case .motion(nil): localized("Search by motion.")
        case .motion(.label(.empty)): localized("Search by motion: the clip has no label.")
        case .motion(.label(.notEnglish)):
            localized("Search by motion: the label is not in English.")
        case .motion(.label(.noThing)):
            localized("Search by motion: the label names nothing that can be seen.")
        case .motion(.noTools): localized("Search by motion: the ML tools are not installed.")
        case .motion(.noDetector):
            localized("Search by motion: %1 is not downloaded.", Self.detectors[0])
        }
    }
}
