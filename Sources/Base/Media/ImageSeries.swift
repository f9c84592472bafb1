import Diagnostics
import Files
import SystemPackage

/// The images of a folder that are the frames of a video, in the order of the numbers in their
/// names: `00000.jpg`, `1.png` … `12.png`, `frame_0001_left.webp`.
struct ImageSeries: Sendable, Equatable {
    /// The names, in order.
    let names: [FilePath.Component]
    /// The kind that the names claim.
    let kind: ImageKind
    /// The name as ffmpeg's pattern, with the first number; nil where the names have none.
    let pattern: Pattern?
    /// What people should know: numbers that are missing, images that are no frames.
    let notes: [String]

    /// A name with `%04d`, or `%d`, in the place of the number. Every name up to the last follows it.
    struct Pattern: Sendable, Equatable {
        let name: String
        let first: Int
    }

    /// Why images are not the frames of one video.
    struct Problem: Error {
        let why: String
        let remedy: String
    }

    /// Orders the images among the names of a folder.
    ///
    /// - Returns: nil when there are none.
    /// - Throws: `Problem` when they are not one series.
    init?(_ all: [FilePath.Component]) throws(Problem) {
        let images = all.filter(ImageFileName.isImage).compactMap(NumberedName.init)
        guard !images.isEmpty else { return nil }
        let numbered = images.filter { !$0.numbers.isEmpty }
        guard let first = numbered.first else {
            throw Problem(
                why: "the names of its images have no numbers, such as \(images[0].quotedName)",
                remedy: "Name the frames by their numbers, for example 00000.jpg, 00001.jpg."
            )
        }
        try Self.requireOneKind(numbered)
        if let other = numbered.first(where: { $0.texts != first.texts }) {
            throw Self.twoSeries(first, other)
        }
        let place = try Self.placeOfNumber(numbered)
        let ordered = numbered.sorted { $0.numbers[place] < $1.numbers[place] }
        names = ordered.map(\.name)
        kind = first.kind
        pattern = Self.pattern(ordered, place)
        let others = images.filter(\.numbers.isEmpty).map(\.quotedName)
        notes = [
            Self.gaps(ordered.map { $0.numbers[place] }),
            others.isEmpty
                ? nil
                : "\(Self.list(others)) \(others.count == 1 ? "has" : "have") no number and "
                    + "\(others.count == 1 ? "is" : "are") left out",
        ].compactMap(\.self)
    }

    private static func requireOneKind(_ images: [NumberedName]) throws(Problem) {
        guard let first = images.first,
            let other = images.first(where: { $0.kind != first.kind })
        else { return }
        throw Problem(
            why: "it has \(first.kind.rawValue) and \(other.kind.rawValue) images, such as "
                + "\(first.quotedName) and \(other.quotedName)",
            remedy: "Leave the images of one kind in the folder."
        )
    }

    /// Which number of the names counts the frames: the first that no two names share.
    private static func placeOfNumber(_ images: [NumberedName]) throws(Problem) -> Int {
        var varying = 0
        var repeated: (NumberedName, NumberedName)?
        for place in images[0].numbers.indices {
            var seen: [DigitNumber: NumberedName] = [:]
            var pair: (NumberedName, NumberedName)?
            for image in images where pair == nil {
                if let other = seen.updateValue(image, forKey: image.numbers[place]) {
                    pair = (other, image)
                }
            }
            guard let pair else { return place }
            if seen.count > 1
                || images.contains(where: { $0.numbers[place] != pair.0.numbers[place] })
            {
                varying += 1
            }
            repeated = repeated ?? pair
        }
        guard varying <= 1, let (one, two) = repeated else {
            let other = images.first { $0.numbers[0] != images[0].numbers[0] } ?? images[0]
            throw twoSeries(images[0], other)
        }
        throw Problem(
            why: "\(one.quotedName) and \(two.quotedName) have the same number",
            remedy: "Leave one of them in the folder."
        )
    }

    private static func twoSeries(_ one: NumberedName, _ other: NumberedName) -> Problem {
        Problem(
            why: "its images are more than one series: \(one.quotedName) and \(other.quotedName)",
            remedy: "Leave the frames of one video in the folder."
        )
    }

    private static func pattern(_ images: [NumberedName], _ place: Int) -> Pattern? {
        let width = images.map { $0.numbers[place].text.utf8.count }.min() ?? 1
        guard let first = images[0].numbers[place].value, first + images.count < 1 << 31 else {
            return nil
        }
        let (head, tail) = images[0].parts(around: place)
        for (number, image) in zip(first..., images) {
            let digits = String(number)
            let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
            guard image.name.string.isExactly(head + zeros + digits + tail),
                FilePath.Component(image.name.string) == image.name
            else { return nil }
        }
        let escaped = { (text: String) in text.replacing(exactly: "%", with: "%%") }
        let digits = width == 1 ? "%d" : "%0\(width)d"
        return Pattern(name: escaped(head) + digits + escaped(tail), first: first)
    }

    /// The numbers that are missing, in words.
    private static func gaps(_ numbers: [DigitNumber]) -> String? {
        let values = numbers.compactMap(\.value)
        guard values.count == numbers.count, values.count > 1 else { return nil }
        let steps = zip(values, values.dropFirst()).map { $1 - $0 }
        guard let least = steps.min(), let most = steps.max(), most > 1 else { return nil }
        if least == most {
            return "the numbers of the images go in steps of \(least); they are taken as frames "
                + "that follow each other"
        }
        let gaps = steps.filter { $0 > 1 }
        let missingCount = (values.last ?? 0) - (values.first ?? 0) + 1 - values.count
        // Numbers that are times, for example.
        guard gaps.count <= 5 || gaps.count * 2 < steps.count, missingCount < 100 * values.count
        else {
            return "the numbers of the images do not follow each other; the images do, as frames"
        }
        let missing = zip(values, values.dropFirst()).filter { $1 - $0 > 1 }.map { from, to in
            to - from == 2 ? "\(from + 1)" : "\(from + 1)–\(to - 1)"
        }
        let isOne = missing.count == 1 && !missing[0].contains(exactly: "–")
        return "\(isOne ? "image" : "images") \(list(missing)) \(isOne ? "is" : "are") missing; "
            + "the others are taken as frames that follow each other"
    }

    /// "1, 2 and 3", or "1, 2, 3, 4, 5 and 7 more".
    private static func list(_ items: [String]) -> String {
        let most = 5
        let shown = items.count > most + 1 ? Array(items.prefix(most)) : items
        let more = items.count - shown.count
        guard more == 0 else { return shown.joined(separator: ", ") + " and \(more) more" }
        guard shown.count > 1, let last = shown.last else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}

/// The name of an image, taken apart into texts and the numbers between them.
private struct NumberedName {
    let name: FilePath.Component
    let kind: ImageKind
    /// One more than there are numbers; without the extension.
    let texts: [String]
    let numbers: [DigitNumber]

    /// Nil for files that are no images by their names.
    init?(_ name: FilePath.Component) {
        guard let kind = ImageKind(name: name) else { return nil }
        self.name = name
        self.kind = kind
        var texts: [[UInt8]] = [[]]
        var numbers: [[UInt8]] = []
        var wasDigit = false
        for byte in name.stem.utf8 {
            let isDigit = (0x30...0x39).contains(byte)
            if isDigit, wasDigit {
                numbers[numbers.count - 1].append(byte)
            } else if isDigit {
                numbers.append([byte])
                texts.append([])
            } else {
                texts[texts.count - 1].append(byte)
            }
            wasDigit = isDigit
        }
        self.texts = texts.map { String(decoding: $0, as: UTF8.self) }
        self.numbers = numbers.map { DigitNumber(String(decoding: $0, as: UTF8.self)) }
    }

    var quotedName: String { quoted(name.string) }

    /// What is before and after one of the numbers, with the extension.
    func parts(around place: Int) -> (String, String) {
        let head = zip(texts, numbers).prefix(place).map { $0 + $1.text }.joined() + texts[place]
        let tail = zip(numbers, texts.dropFirst()).dropFirst(place + 1).map { $0.text + $1 }
        let ending = name.extension.map { "." + $0 } ?? ""
        return (head, texts[place + 1] + tail.joined() + ending)
    }
}

/// A number of any length, as it is written.
private struct DigitNumber: Hashable, Comparable {
    let text: String
    /// Without zeros at the front.
    private let digits: [UInt8]

    init(_ text: String) {
        self.text = text
        digits = Array(text.utf8.drop { $0 == 0x30 })
    }

    /// Nil for those of more than 18 digits.
    var value: Int? {
        digits.count <= 18 ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }

    static func == (left: Self, right: Self) -> Bool { left.digits == right.digits }

    static func < (left: Self, right: Self) -> Bool {
        left.digits.count != right.digits.count
            ? left.digits.count < right.digits.count
            : left.digits.lexicographicallyPrecedes(right.digits)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(digits) }
}
