import FoundationEssentials
import ShotDetection
import SystemPackage

/// What PySceneDetect finds in drawn videos: Tests/Fixtures/shots, made by
/// tools/reference/make_shot_fixtures.py.
struct ShotFixtures: Decodable, Sendable {
    struct Video: Decodable, Sendable {
        let name: String
        /// The parts of each frame: scene, time, and weight of 256.
        let frames: [[[Int]]]
        /// Hue, saturation, value, and the correlations in 128 and 256 bins.
        let measures: [[Double]]
        let detectors: [Detector]
    }

    /// The settings of a detector and the cuts that it finds.
    struct Detector: Decodable, Sendable {
        let detector: String
        let threshold: Double
        let shortestShot: Int
        let window: Int?
        let smallestContent: Double?
        let filter: String?
        let bins: Int?
        let cuts: [Int]
    }

    let width: Int
    let height: Int
    /// For each channel of a scene: across, down, speed, start.
    let scenes: [[[Int]]]
    let videos: [Video]

    static func read() throws -> ShotFixtures {
        let path = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .pushing("Fixtures/shots/expected.json")
        let data = try Data(contentsOf: URL(filePath: path.string))
        return try JSONDecoder().decode(Self.self, from: data)
    }

    /// What is measured of the frames of a video.
    func measures(of video: Video) -> [FrameMeasures] {
        var meter = FrameMeter(width: width, height: height, frameRate: 24)
        return video.frames.map { meter.measure(frame($0)) }
    }

    /// A frame as the script draws it: [height × width × 3].
    private func frame(_ parts: [[Int]]) -> [UInt8] {
        var total = [Int](repeating: 0, count: width * height * 3)
        for part in parts {
            let (scene, time, weight) = (scenes[part[0]], part[1], part[2])
            for y in 0..<height {
                for x in 0..<width {
                    for (channel, wave) in scene.enumerated() {
                        let value = Self.value(wave, x, y, time)
                        total[(y * width + x) * 3 + channel] += value * weight
                    }
                }
            }
        }
        return total.map { UInt8(min(255, $0 >> 8)) }
    }

    private static func value(_ wave: [Int], _ x: Int, _ y: Int, _ time: Int) -> Int {
        let place = (x * wave[0] + y * wave[1] + time * wave[2] + wave[3]) % 512
        let noise = (x * 7 + y * 13 + time * 5 + wave[3]) * 97 % 11 - 5
        return min(max((place > 255 ? 511 - place : place) + noise, 0), 255)
    }
}
