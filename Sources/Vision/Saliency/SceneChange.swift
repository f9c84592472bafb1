/// How much of a picture changes from one frame to another beyond the camera's motion.
enum SceneChange {
    /// Residuals above this many grey levels, in luma or in both colours, are a change.
    private static let changeLevel: Float = 10

    /// Part of the picture that the other frame, seen through a motion, does not show.
    static func share(
        from frame: SmallFrame,
        to other: SmallFrame,
        motion: CameraMotion
    ) -> Float {
        let (width, height) = (frame.luma.width, frame.luma.height)
        let map = motion.inSamples(width: width, height: height)
        let step = max(1, min(4, min(width, height) / 8))
        var pairs: [(SIMD4<Float>, SIMD4<Float>)] = []
        for y in stride(from: step / 2, to: height, by: step) {
            for x in stride(from: step / 2, to: width, by: step) {
                let placeX = (map.xx * Float(x) + map.xy * Float(y) + map.x0).rounded()
                let placeY = (map.yx * Float(x) + map.yy * Float(y) + map.y0).rounded()
                guard placeX >= 0, placeY >= 0, placeX < Float(width), placeY < Float(height)
                else { continue }
                pairs.append(
                    (
                        frame.colours[y * width + x],
                        other.colours[Int(placeY) * width + Int(placeX)]
                    )
                )
            }
        }
        guard !pairs.isEmpty else { return 1 }
        let first = Plane(width: pairs.count, height: 1, values: pairs.map { $0.0.x })
        let second = Plane(width: pairs.count, height: 1, values: pairs.map { $0.1.x })
        let light = Brightness.robust(first, second)
        let changed = pairs.count { pair in
            let luma = abs(pair.1.x - light.gain * pair.0.x - light.offset)
            let colour = abs(pair.1.y - pair.0.y) + abs(pair.1.z - pair.0.z)
            return max(luma, colour) > changeLevel
        }
        return Float(changed) / Float(pairs.count)
    }
}
