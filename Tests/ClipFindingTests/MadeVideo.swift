import ClipFinding
import Files
import Glibc
import Media
import ScanStore
import ShotDetection
import SoundSignals
import SystemPackage
import TestSupport
import VideoScanning

/// A scanned video of 10 fps whose audio is noise at some level, made of numbers alone.
struct MadeVideo {
    var seconds: Int
    /// In dBFS, for each second.
    var level: (Int) -> Double = { _ in -20 }
    /// Whether nothing moves, for each second.
    var isStill: (Int) -> Bool = { _ in false }
    /// The probability of speech, 0…255, for each second; nil where it is not known.
    var speech: ((Int) -> UInt8)?

    static let rate = 10

    /// Writes samples for the analyzer, since rows have no other way to be made.
    private func sound() -> SoundRecord {
        let sampleRate = 8000
        var analyzer = SoundAnalyzer(sampleRate: sampleRate, layout: SoundLayout(channels: 1))
        var random = RandomSource(seed: 1)
        var record = SoundRecord()
        for second in 0..<seconds {
            // Uniform noise has a mean square of a third.
            let amplitude = level(second) <= -120 ? 0 : Float(pow(10, level(second) / 20) * 1.732)
            let samples = (0..<sampleRate).map { _ in amplitude * random.signed() }
            record.append(samples.withUnsafeBufferPointer { analyzer.add($0) })
        }
        record.append(analyzer.finish())
        return record
    }

    func scanned(in folder: FilePath) throws -> ScannedVideo {
        var measures = VideoMeasures(sound: sound())
        for frame in 0..<seconds * Self.rate {
            var next = FrameMeasures()
            let second = frame / Self.rate
            next.stillness = frame < 5 ? nil : isStill(second) ? 1 : 80
            next.luma = 100
            next.contrast = 40
            (next.hue, next.saturation, next.value) = (4, 4, 4)
            measures.frames.append(next)
            measures.times.append(Double(frame) / Double(Self.rate))
        }
        let path = folder.appending("made.mp4")
        try AtomicFile.write("made", to: path)
        var video = ScannedVideo(
            path: path,
            key: try ScanKey(of: path, VideoOptions(), audio: nil),
            note: ScanNote(
                path: path,
                file: try SeenFile(path),
                frameRate: Double(Self.rate),
                width: 320,
                height: 180,
                duration: Double(seconds),
                audio: .init(stream: 0, sampleRate: 8000, channels: 1, layout: "mono")
            ),
            measures: measures
        )
        if let speech {
            video.content.speech = (0..<(measures.sound?.rows.count ?? 0)).map {
                speech($0 / SoundRow.rate)
            }
        }
        return video
    }
}

extension FoundShots {
    /// Shots that begin with these frames.
    init(starts: [Int], count: Int, _ kind: Shot.Kind = .cut) {
        self.init(
            shots: starts.indices.map { index in
                Shot(
                    start: starts[index],
                    end: index + 1 < starts.count ? starts[index + 1] : count,
                    kind: index == 0 ? .start : kind,
                    score: 1,
                    transition: starts[index]..<starts[index]
                )
            }
        )
    }
}
