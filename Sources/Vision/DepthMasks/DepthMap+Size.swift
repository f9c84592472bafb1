import Imaging

extension DepthMap {
    /// The map at another size, as `torch.nn.functional.interpolate` makes it (bicubic).
    ///
    /// - Parameter upsampling: was made for maps of this size.
    /// - Returns: the map at the size that `upsampling` makes.
    package func resized(by upsampling: BicubicUpsampling) -> DepthMap {
        let size = upsampling.width * upsampling.height
        let resized = [Float](unsafeUninitializedCapacity: size) { target, count in
            count = size
            values.withUnsafeBufferPointer { source in
                upsampling.resize(source, into: .init(rebasing: target[..<size]))
            }
        }
        return DepthMap(width: upsampling.width, height: upsampling.height, values: resized)
    }
}
