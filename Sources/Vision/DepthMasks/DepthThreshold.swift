/// Where depth is cut: what is above is object.
package enum DepthThreshold: Sendable, Equatable {
    /// The level that best parts near from far.
    case otsu
    /// A level of 0...255 between the farthest and the nearest.
    case fixed(UInt8)
}
