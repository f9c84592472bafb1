import ArgumentParser
import Detection
import Diagnostics
import Methods
import Prompts

/// `--text` and what goes with it: which objects are looked for by their names, and how.
struct TextOptions: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Look for an object by its name, such as \"dog\", or by a label, such as \"dog "
                + "barking\"; without words by the clip's own label. Append # and an object number. Repeatable.",
            valueName: "words"
        )
    )
    var text: [String] = []

    @Flag(name: .customLong(TextArguments.flagName), help: .private)
    var ownLabel = false

    @Option(
        help: ArgumentHelp(
            "Detector: a checkpoint's name or folder. (default: \(DetectorModels.defaultText))",
            valueName: "model"
        ),
        completion: .list(DetectorModels.names)
    )
    var textModel: String?

    @Option(
        help: ArgumentHelp(
            "Least score of what is found, from 0 to 1. The default is a guess that nobody has "
                + "measured yet.",
            valueName: "score"
        )
    )
    var textThreshold = TextFindings.usualThreshold

    @Option(
        help: ArgumentHelp(
            "Ask in seven sentences and average their fit, or with the words as they are typed and "
                + "nothing else (none).",
            valueName: "average|none"
        )
    )
    var templates: QueryTemplates = .average

    @Option(
        help: ArgumentHelp(
            "Look at so many frames, or at these (0,5,11; one alone as 96,), whatever is found. (default: "
                + "up to 5, on a GPU 9, until all is seen clearly)",
            valueName: "frames"
        )
    )
    var frames: FrameChoice?

    @Option(
        help: ArgumentHelp(
            "How many objects to take, numbered from the best, or all. Fewer if there are no more.",
            valueName: "number"
        )
    )
    var count = CountChoice.number(1)

    @Flag(
        help: ArgumentHelp(
            "Leave out what the detector pads frames to a square with. Faster, but not what the "
                + "reference computes."
        )
    )
    var skipPadding = false

    func validate() throws {
        try textThreshold.checked(in: 0...1, named: "--text-threshold")
        try textModel?.checkedNotEmpty(named: "--text-model")
    }

    /// Whether something is to be looked for by its name.
    var isUsed: Bool { ownLabel || !text.isEmpty }

    /// The options that were given and need a text.
    var details: [String] {
        [
            ("--text-model", textModel != nil),
            ("--text-threshold", textThreshold != TextFindings.usualThreshold),
            ("--templates", templates != .average), ("--frames", frames != nil),
            ("--skip-padding", skipPadding),
        ].filter(\.1).map(\.0)
    }

    /// All options that were given.
    var given: [String] {
        (isUsed ? [TextArguments.option] : []) + details
            + (count == .number(1) ? [] : ["--count"])
    }

    /// Makes sure that options of texts were not given for nothing.
    ///
    /// - Throws: `EightCutError` (`usage`) that names the first.
    func requireTexts() throws {
        guard let option = given.first else { return }
        throw EightCutError(
            .usage,
            "cannot use",
            on: option,
            because: "there is no text to look for",
            remedy: "Leave it out, or add --text."
        )
    }

    /// Adds the texts to prompts.
    ///
    /// - Parameters:
    ///   - list: the prompts.
    ///   - label: where the clip's own label is.
    /// - Throws: `EightCutError` when there is no label, or an object has two texts.
    func add(to list: inout PromptList, _ label: ClipLabel) throws {
        for words in text { try list.append(text: words) }
        guard ownLabel else { return }
        let found = try label.find()
        let origin = PromptOrigin.option(TextArguments.option, "(the label \(quoted(found.words)))")
        try list.append(TextPrompt(found.words, from: origin))
    }

    /// What is looked for.
    ///
    /// - Parameters:
    ///   - list: prompts with texts.
    ///   - model: the detector.
    /// - Returns: nil where no text has to be looked for.
    /// - Throws: `EightCutError` that names a text in which there is nothing to look for.
    func search(_ list: PromptList, on model: CheckpointModel) throws -> TextSearchSettings? {
        let texts = try searched(list)
        guard !texts.isEmpty else { return nil }
        return TextSearchSettings(
            texts,
            templates: templates,
            frames: frames?.frames ?? .untilClear(model.session.device == .cpu ? 5 : 9),
            threshold: textThreshold,
            count: count.things,
            skipsPadding: skipPadding,
            taken: Set(list.entries.map(\.prompt.object))
        )
    }

    /// The texts that have to be looked for.
    ///
    /// - Throws: `EightCutError` that names a text in which there is nothing to look for, or which asks
    ///   for the same as another.
    func searched(_ list: PromptList) throws -> [SearchedText] {
        var texts: [SearchedText] = []
        for open in list.openTexts {
            let text: SearchedText
            do throws(LabelQueries.Problem) {
                text = try SearchedText(open.words, object: open.object, templates: templates)
            } catch {
                throw open.origin.error(error.why, remedy: error.remedy)
            }
            if let other = texts.first(where: { $0.queries == text.queries }) {
                throw open.origin.error(
                    "it asks for the same as the text of object \(other.object), and would find the "
                        + "same thing",
                    remedy: "Leave it out; --count takes several things of one name."
                )
            }
            texts.append(text)
        }
        return texts
    }
}

extension LabelQueries.Problem {
    fileprivate var why: String {
        switch self {
        case .empty: "there are no words in it"
        case .notEnglish: "it has no letter from a to z, and detectors read English only"
        case .noThing: "it names nothing that can be seen in a frame"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .empty, .notEnglish: "Name the object in English: --text \"dog\"."
        case .noThing:
            "Name the object that makes the sound, or mark it yourself; --templates none asks with "
                + "the words as they are."
        }
    }
}

/// `--frames`.
struct FrameChoice: Equatable, ExpressibleByArgument {
    let frames: SearchedFrames

    /// A number of frames, or frames with commas between them.
    init?(argument: String) {
        let parts = argument.split(exactly: ",", omittingEmptySubsequences: false)
        let isList = parts.count > 1
        let digits = isList && parts.last?.isEmpty == true ? parts.dropLast() : parts[...]
        let numbers = digits.compactMap { UInt32($0) }.map(Int.init)
        guard numbers.count == digits.count, let first = numbers.first,
            numbers.allSatisfy(Prompt.frames.contains), isList || (1...10_000).contains(first)
        else { return nil }
        frames = isList ? .listed(numbers) : .spread(first)
    }
}

/// `--count`.
enum CountChoice: Equatable, ExpressibleByArgument {
    case number(Int)
    case all

    /// A number of objects, or `all`.
    init?(argument: String) {
        if argument.isExactly("all") {
            self = .all
        } else if let number = UInt8(argument).map(Int.init), Prompt.objects.contains(number) {
            self = .number(number)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .number(let number): "\(number)"
        case .all: "all"
        }
    }

    /// How many things a text means.
    var things: ThingCount {
        switch self {
        case .number(let number): .best(number)
        case .all: .all
        }
    }

    /// How many objects are taken of those that move.
    var moving: Int {
        switch self {
        case .number(let number): number
        case .all: Prompt.objects.upperBound
        }
    }
}

extension QueryTemplates: ExpressibleByArgument {}
