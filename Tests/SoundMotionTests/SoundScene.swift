import Glibc
import SoundMotion
import TestSupport

/// A rendered clip of 8 s with objects of one kind, each of which jerks at times of its own, and
/// audio: what of it is in time with what is known.
struct SoundScene {
    static let rate = 25.0
    static let seconds = 8.0
    static let (width, height) = (160, 90)
    private static let radius: Float = 9

    /// Where each object is, and when it jerks, in seconds.
    let places: [(x: Float, y: Float)]
    let jerks: [[Double]]
    /// How far the camera is off its place, on each frame, in pixels.
    let camera: [(x: Float, y: Float)]
    let audio: [Float]
    private let noise: ValueNoise
    private let seed: UInt64

    init(
        jerks: [[Double]],
        camera: [(x: Float, y: Float)]? = nil,
        audio: [Float],
        seed: UInt64
    ) {
        self.jerks = jerks
        places = jerks.indices.map { index in
            (160 * (Float(index) + 0.5) / Float(jerks.count), 45)
        }
        self.camera =
            camera ?? Array(repeating: (0, 0), count: Int(Self.rate * Self.seconds))
        self.audio = audio
        self.seed = seed
        noise = ValueNoise(seed: seed)
    }

    /// When frames are shown, in seconds.
    var times: [Double] { camera.indices.map { Double($0) / Self.rate } }

    /// The box around each object at rest, with some space around it.
    var boxes: [MotionBox] {
        let reach = Double(Self.radius) + 3
        return places.map { place in
            let (x, y) = (Double(place.x), Double(place.y))
            return MotionBox(left: x - reach, top: y - reach, right: x + reach, bottom: y + reach)
        }
    }

    /// The luma of a frame, row by row.
    func frame(_ index: Int, _ random: inout RandomSource) -> [UInt8] {
        let time = Double(index) / Self.rate
        let offset = camera[index]
        let centres = zip(places, jerks).map { place, jerks -> (x: Float, y: Float) in
            let height = jerks.reduce(Float(0)) { $0 + Self.height(time - $1) }
            return (place.x + offset.x, place.y + offset.y - 5 * height)
        }
        return (0..<Self.width * Self.height).map { pixel in
            let (x, y) = (Float(pixel % Self.width), Float(pixel / Self.width))
            var luma = 100 + 50 * noise.linear((x - offset.x) / 6, (y - offset.y) / 6)
            for (number, centre) in centres.enumerated() {
                let (dx, dy) = (x - centre.x, y - centre.y)
                guard dx * dx + dy * dy < Self.radius * Self.radius else { continue }
                luma = 150 + 50 * noise.linear(dx / 4 + 20 * Float(number) + 500, dy / 4)
            }
            return UInt8(min(max(luma + 4 * random.signed(), 0), 255))
        }
    }

    /// How high a jerk has an object, 0…1, so many seconds after its top.
    private static func height(_ seconds: Double) -> Float {
        let part = seconds / 0.08
        return abs(part) < 4 ? Float(exp(-part * part)) : 0
    }

    /// The pixels within a box, as a mask.
    static func mask(_ box: MotionBox) -> [UInt8] {
        (0..<width * height).map { pixel in
            let (x, y) = (Double(pixel % width), Double(pixel / width))
            let isInside =
                (box.left.rounded()..<box.right.rounded()).contains(x)
                && (box.top.rounded()..<box.bottom.rounded()).contains(y)
            return isInside ? 255 : 0
        }
    }

    /// What moves in regions, on the first frames.
    ///
    /// - Parameters:
    ///   - count: how many frames; all of them by default.
    ///   - regions: where each candidate is on a frame.
    /// - Returns: the motion.
    func motion(count: Int? = nil, _ regions: (Int) -> [MotionRegion?]) -> RegionMotion {
        var random = RandomSource(seed: seed &+ 99)
        var motion = RegionMotion(
            width: Self.width,
            height: Self.height,
            regions: regions(0).count
        )
        for index in camera.indices.prefix(count ?? camera.count) {
            frame(index, &random).withUnsafeBufferPointer { motion.add($0, regions(index)) }
        }
        return motion
    }

    /// What is found of it.
    ///
    /// - Parameter regions: where to look; boxes around the objects by default.
    /// - Returns: the comparison of all regions.
    func comparison(_ regions: [MotionRegion]? = nil) -> SoundComparison {
        let regions = regions ?? boxes.map { .box($0) }
        return SoundComparison(motion { _ in regions }, OnsetStrength(audio), at: times)
    }
}

// MARK: - What sounds and moves

extension SoundScene {
    /// So many moments at irregular distances of a fifth of a second and more.
    static func moments(_ count: Int, _ random: inout RandomSource) -> [Double] {
        var moments: [Double] = []
        while moments.count < count {
            let moment = 0.4 + (seconds - 0.8) * Double(random.signed() + 1) / 2
            if moments.allSatisfy({ abs($0 - moment) > 0.2 }) { moments.append(moment) }
        }
        return moments.sorted()
    }

    /// Camera in a hand: a walk that returns to its place.
    static func shaking(_ pixels: Float, _ random: inout RandomSource) -> [(x: Float, y: Float)] {
        var (x, y) = (Float(0), Float(0))
        return (0..<Int(rate * seconds)).map { _ in
            x = 0.8 * x + pixels * random.signed()
            y = 0.8 * y + pixels * random.signed()
            return (x, y)
        }
    }

    /// Audio with a knock at each moment, over a hiss at -50 dBFS.
    static func knocks(at moments: [Double], _ random: inout RandomSource) -> [Float] {
        let rate = Double(OnsetStrength.sampleRate)
        var samples = hiss(0.003, &random)
        for moment in moments {
            let start = Int(moment * rate)
            for index in 0..<min(samples.count - start, Int(0.15 * rate)) {
                let seconds = Float(Double(index) / rate)
                let tone = 0.5 * sin(2 * Float.pi * 400 * seconds) + 0.5 * random.signed()
                samples[start + index] += 0.3 * exp(-seconds / 0.03) * tone
            }
        }
        return samples
    }

    /// A steady tone with its harmonics over a hiss, as of an engine.
    static func hum(_ random: inout RandomSource) -> [Float] {
        let rate = Float(OnsetStrength.sampleRate)
        return hiss(0.02, &random).enumerated().map { index, sample in
            (1...5).reduce(sample) { sum, harmonic in
                let turns = 110 * Float(harmonic) * Float(index) / rate
                return sum + 0.1 / Float(harmonic) * sin(2 * Float.pi * (turns - turns.rounded()))
            }
        }
    }

    static func hiss(_ level: Float, _ random: inout RandomSource) -> [Float] {
        (0..<Int(seconds) * OnsetStrength.sampleRate).map { _ in level * random.signed() }
    }

    static var silence: [Float] {
        Array(repeating: 0, count: Int(seconds) * OnsetStrength.sampleRate)
    }
}

// MARK: - Whole scenes

extension SoundScene {
    /// Three objects jerk, object `seed % 3` in time with the knocks.
    ///
    /// - Parameters:
    ///   - count: how many knocks and jerks of each object.
    ///   - shown: which part of the knocks has a jerk; instead of the others there are others.
    ///   - delay: how much later the audio is, in seconds.
    ///   - shake: how far the camera moves from frame to frame, in pixels.
    ///   - seed: decides on all that is random.
    /// - Returns: the scene.
    static func knocking(
        _ count: Int,
        shown: Double = 1,
        delay: Double = 0,
        shake: Float = 0,
        seed: UInt64
    ) -> SoundScene {
        var random = RandomSource(seed: seed)
        let knocks = moments(count, &random)
        var jerks = (0..<3).map { _ in moments(count, &random) }
        let other = jerks[Int(seed % 3)]
        jerks[Int(seed % 3)] = knocks.indices.map { index in
            let isShown = Double(index) < (shown * Double(count)).rounded()
            // One frame early or late.
            return isShown ? knocks[index] + 0.04 * Double(random.signed()) : other[index]
        }
        let audio = self.knocks(at: knocks.map { $0 + delay }, &random)
        let camera = shake > 0 ? shaking(shake, &random) : nil
        return SoundScene(jerks: jerks, camera: camera, audio: audio, seed: seed)
    }

    /// Three objects jerk, each for itself; the audio is that of something else.
    static func unrelated(
        _ count: Int,
        shake: Float = 0,
        seed: UInt64,
        audio: (inout RandomSource) -> [Float]
    ) -> SoundScene {
        var random = RandomSource(seed: seed)
        let jerks = (0..<3).map { _ in moments(count, &random) }
        let camera = shake > 0 ? shaking(shake, &random) : nil
        return SoundScene(jerks: jerks, camera: camera, audio: audio(&random), seed: seed)
    }

    /// Knocks of something that is not in the frame.
    static func offScreen(_ count: Int, shake: Float = 0, seed: UInt64) -> SoundScene {
        unrelated(count, shake: shake, seed: seed) { random in
            knocks(at: moments(count, &random), &random)
        }
    }
}
