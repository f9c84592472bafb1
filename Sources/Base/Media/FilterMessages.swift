import Diagnostics

/// What named filters write to standard error while ffmpeg runs.
package struct FilterMessages: Sendable {
    private var timestamps: [String: [Int]] = [:]
    private var counts: [String: Int] = [:]
    private var values: [String: [String: String]] = [:]
    private var interlaced: [String: Int] = [:]
    private var matrices: [String: Set<String>] = [:]
    private var combing: [String: FieldReport] = [:]
    private var measurements: [String: Int] = [:]
    private var kept = HeadAndTail()
    /// Whether something was said that damage of the input may have caused.
    package private(set) var tellsOfDamage = false

    package init() {}

    /// The first and the last errors.
    package var errors: [String] { kept.lines }

    /// Whether ffmpeg could not write, or not finish, a file.
    package var hasLostOutput: Bool { FFmpegMessages.hasLostOutput(errors) }

    /// Takes one line, such as `[showinfo@in @ 0x55d0] [info] n:   0 pts:   1001 pts_time:0.04`.
    package mutating func take(_ line: String) {
        guard let message = FFmpegMessages.parse(line) else { return }
        if FFmpegMessages.tellsOfDamage(message) { tellsOfDamage = true }
        if message.isError {
            kept.append(line)
            return
        }
        guard let name = Self.name(line) else { return }
        if line.hasPrefix(exactly: "[showinfo@") {
            guard let frame = FrameInfo(message.text) else {
                takeMatrix(message.text, name)
                return
            }
            // A message can run into the one before it, which has no end: the number counts.
            counts[name] = max((counts[name] ?? 0) + 1, frame.number + 1)
            if let timestamp = frame.timestamp { timestamps[name, default: []].append(timestamp) }
            if frame.isInterlaced { interlaced[name, default: 0] += 1 }
        } else if line.hasPrefix(exactly: "[idet@") {
            combing[name, default: FieldReport()].take(message.text)
        } else if line.hasPrefix(exactly: "[astats@"), let (key, value) = Self.pair(message.text) {
            values[name, default: [:]][key] = value
            if key == "Number of samples" { measurements[name, default: 0] += 1 }
        }
    }

    /// Reads `color_range:tv color_space:bt709 …`, which follows every frame.
    private mutating func takeMatrix(_ text: String, _ name: String) {
        guard let start = text.firstRange(exactly: "color_space:")?.upperBound,
            let matrix = text[start...].split(exactly: " ", maxSplits: 1).first,
            matrices[name, default: []].count < 20
        else { return }
        matrices[name, default: []].insert(String(matrix))
    }

    /// The matrices of the frames that a `showinfo` filter has seen, by FFmpeg's names.
    package func matrices(of name: String) -> Set<String> { matrices[name] ?? [] }

    /// "in" of `[showinfo@in @ 0x55d0] …`.
    private static func name(_ line: String) -> String? {
        line.removing(prefix: "[").flatMap { $0.divided(atFirst: "@") }.flatMap { _, rest in
            rest.unicodeScalars.split(maxSplits: 1) { $0 == " " || $0 == "]" }.first
                .map { String($0) }
        }
    }

    /// A key and its value in "Peak level dB: -3.1".
    private static func pair(_ text: String) -> (key: String, value: String)? {
        text.divided(atLast: ":").map { (String($0), String($1.trimmed)) }
    }

    /// The timestamps that a `showinfo` filter has seen, in order of arrival.
    package func timestamps(of name: String) -> [Int] { timestamps[name] ?? [] }

    /// How many frames a `showinfo` filter has seen.
    package func count(of name: String) -> Int { counts[name] ?? 0 }

    /// How many frames that a `showinfo` filter has seen are marked as interlaced.
    package func interlacedCount(of name: String) -> Int { interlaced[name] ?? 0 }

    /// What an `idet` filter has found.
    package func fields(of name: String) -> FieldReport { combing[name] ?? FieldReport() }

    /// How often an `astats` filter has measured: more than once where ffmpeg has built its graph
    /// anew, because the audio has changed in mid-file.
    package func measurements(of name: String) -> Int { measurements[name] ?? 0 }

    /// The filter that measures the peak level and the length of audio.
    package static func measuring(_ name: String) -> String {
        "astats@\(name)=measure_perchannel=none:measure_overall=Peak_level+Number_of_samples"
    }

    /// How many samples of each channel a filter has measured.
    package func sampleCount(of name: String) -> Int {
        value("Number of samples", of: name).flatMap { Int($0) } ?? 0
    }

    /// The peak level that an `astats` filter has measured, in dBFS; nil where there is none.
    package func level(of name: String) -> Double? {
        guard let text = value("Peak level dB", of: name) else { return nil }
        // ffmpeg writes "-inf" for digital silence.
        let peak = Double(text) ?? -.infinity
        return peak.isNaN ? -.infinity : peak
    }

    /// What an `astats` filter has measured: "Peak level dB", "Number of samples".
    package func value(_ key: String, of name: String) -> String? { values[name]?[key] }
}

/// What `showinfo` reports of a frame: `n:   0 pts:   1001 pts_time:0.04 …`.
struct FrameInfo: Equatable {
    /// Counts the frames since the filters were configured.
    let number: Int
    /// In the time base; nil for a frame without a time.
    let timestamp: Int?
    /// Whether it is decoded without any other frame. Audio has nothing else.
    let isKey: Bool
    /// Whether it is marked as two fields of different times.
    let isInterlaced: Bool

    /// - Returns: nil for a message that is not about a frame.
    init?(_ text: String) {
        guard text.hasPrefix(exactly: "n:"),
            let number = Self.value(after: "n:", in: text).flatMap({ Int($0) }),
            (0..<1 << 40).contains(number)
        else { return nil }
        self.number = number
        timestamp = Self.value(after: " pts:", in: text).flatMap { Int($0) }
        isKey = Self.value(after: " iskey:", in: text) != "0"
        isInterlaced = ["T", "B"].contains(Self.value(after: " i:", in: text))
    }

    private static func value(after key: String, in text: String) -> Substring? {
        text.firstRange(exactly: key).flatMap { range in
            text[range.upperBound...].trimmed.split(exactly: " ", maxSplits: 1).first
        }
    }
}
