// The program of `Benchmarks/find-limits`: searches in what would be measured of three hours.
//
//     find-limits             prints a table
//     find-limits VIDEO       writes that as the scan of a video, for the app

import ClipFinding
import Files
import Glibc
import Media
import ScanStore
import ShotDetection
import SoundSignals
import SystemPackage
import VideoScanning

/// Numbers without a pattern, the same each time.
struct Numbers {
    private var state: UInt64 = 7

    /// 0..<1
    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
}

let (rate, seconds) = (24.0, 10_800)

/// Shots of 2 to 60 s, which begin at these frames.
func shots() -> FoundShots {
    var numbers = Numbers()
    var (shots, start): ([Shot], Int) = ([], 0)
    let count = seconds * Int(rate)
    while start < count {
        let end = min(count, start + Int((2 + 58 * numbers.next() * numbers.next()) * rate))
        shots.append(
            Shot(start: start, end: end, kind: .cut, score: 0.8, transition: start..<start)
        )
        start = end
    }
    return FoundShots(shots: shots)
}

/// A row of audio as it is stored: hundredths of dBFS, tens of Hz.
func row(level: Double, bandwidth: Double) -> SoundRow {
    let level = Int16(level * 100)
    let values: [Int16] = [
        level, level, level + 600, level + 650, level, level, Int16(bandwidth / 10), 0, 0, 9000, 0,
    ]
    let bytes = values.flatMap { value -> [UInt8] in
        let bits = UInt16(bitPattern: value)
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
    return SoundRow(bytes: bytes[...])
}

func measures(_ cuts: Set<Int>) -> VideoMeasures {
    var numbers = Numbers()
    var sound = SoundRecord()
    var loudness = -40.0
    for index in 0..<seconds * SoundRow.rate {
        if index % 50 == 0 { loudness = -75 + 60 * numbers.next() }
        sound.rows.append(
            row(level: loudness + 8 * numbers.next(), bandwidth: 12_000 + 8000 * numbers.next())
        )
        if numbers.next() < 0.08 {
            sound.onsets.append(SoundOnset(frame: index * 20, excess: 8 * numbers.next()))
        }
    }
    var measures = VideoMeasures(sound: sound)
    for index in 0..<seconds * Int(rate) {
        var frame = FrameMeasures()
        frame.stillness = Float(200 * numbers.next() * numbers.next())
        frame.luma = 90
        if cuts.contains(index) {
            (frame.hue, frame.saturation, frame.value) = (60, 60, 60)
            (frame.alikeness, frame.shiftedDifference) = (0.1, 80)
        }
        measures.frames.append(frame)
        measures.times.append(Double(index) / rate)
    }
    return measures
}

let found = shots()
let folder = try ScratchFolder()
var file = folder.path.appending("video")
if let named = CommandLine.arguments.dropFirst().first {
    file = FilePath(named).absolute
} else {
    try AtomicFile.write("a video", to: file)
}
let video = ScannedVideo(
    path: file,
    key: try ScanKey(of: file, VideoOptions(), audio: nil),
    note: ScanNote(
        path: file,
        file: try SeenFile(file),
        frameRate: rate,
        width: 1920,
        height: 1080,
        duration: Double(seconds),
        audio: ScanNote.Audio(stream: 0, sampleRate: 48_000, channels: 2, layout: "stereo")
    ),
    measures: measures(Set(found.shots.map(\.start)))
)
if CommandLine.arguments.count > 1 {
    try writeScan()
    exit(0)
}
let clock = ContinuousClock()

/// Writes what was measured where the app finds it.
@MainActor
func writeScan() throws {
    let scan = try ScanFolder(video.key, in: .current)
    let measures = video.measures
    let (frames, rows) = (60 * Int(rate), 60 * SoundRow.rate)
    for number in 0..<seconds / 60 {
        var block = ScanBlock(firstFrame: number * frames, firstRow: number * rows)
        for frame in number * frames..<(number + 1) * frames {
            block.add(measures.frames[frame], at: measures.times[frame])
        }
        var sound = measures.sound ?? SoundRecord()
        sound.rows = Array(sound.rows[number * rows..<(number + 1) * rows])
        sound.onsets = sound.onsets.filter { $0.frame / (60 * SoundOnset.rate) == number }
        block.add(sound)
        try scan.write(block, as: number)
    }
    var note = video.note
    note.result = ScanNote.Result(
        frames: measures.frames.count,
        rows: measures.sound?.rows.count ?? 0,
        blocks: seconds / 60,
        isTimed: true,
        problem: nil
    )
    try scan.write(note)
}

/// Times in milliseconds: those of the processor tell more where other programs run.
struct Times {
    var all: [Double] = []
    var processor: [Double] = []

    init(_ count: Int, _ body: (Int) -> Void) {
        for turn in 0..<count {
            let before = Self.processorTime
            all.append(clock.measure { body(turn) } / .milliseconds(1))
            processor.append(Self.processorTime - before)
        }
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }

    var cells: String {
        let (all, processor) = (all.sorted(), processor.sorted())
        let numbers = [
            all[all.count / 2], all[all.count - 1], processor[all.count / 2],
            processor[all.count - 1],
        ]
        return numbers.map { "\(($0 * 10).rounded() / 10)" }.joined(separator: " | ")
    }
}

func times(_ count: Int, _ body: (Int) -> Void) -> Times { Times(count, body) }

func print(_ name: String, _ times: Times, _ note: String) {
    print("| \(name) | \(times.cells) | \(note) |")
}

print("| what | median, ms | longest | CPU: median | longest | candidates |")
print("| --- | --- | --- | --- | --- | --- |")
let ready = times(3) { _ in _ = SearchedVideo(video, found) }
print("once for a video", ready, "")
let searched = SearchedVideo(video, found)
print(
    "once for a length of clips",
    times(3) { _ in _ = ClipPlaces(in: searched, FindSettings()) },
    ""
)
let places = ClipPlaces(in: searched, FindSettings())
let taken = (0..<500).map {
    ClipSearch.Taken(start: Double($0) * 21, duration: 8, $0 % 2 == 0 ? .rejected : .exported)
}

func limit(_ name: String, _ set: (Int, inout FindSettings) -> Void) {
    var counts: [Int] = []
    let found = times(40) { turn in
        var settings = FindSettings()
        settings.bandwidth = 0
        set(turn, &settings)
        let search = ClipSearch(searched, settings, places: places, taken: taken)
        counts.append(search.run().candidates.count)
    }
    print(name, found, "\(counts.min() ?? 0) to \(counts.max() ?? 0)")
}

limit("level of silence") { $1.silence = SilenceLimit(level: -90 + 2 * Double($0), share: 0.8) }
limit("share of silence") { $1.silence = SilenceLimit(level: -60, share: Double($0) / 40) }
limit("onsets") { $1.onsets = $0 }
limit("stillness") { $1.still = Double($0) / 40 }
limit("bandwidth") { $1.bandwidth = 600 * Double($0) }
for signal in [Candidate.Signal.level, .silence, .onsets, .still, .bandwidth] {
    let drawn = times(5) { _ in _ = SignalCurve(signal, of: searched, FindSettings()) }
    print("curve: \(signal.rawValue)", drawn, "")
}
