/// What can be chosen about the built-in saliency method.
package struct SaliencySettings: Sendable, Equatable, Codable {
    /// How the grey saliency map is cut into object and background.
    package enum Threshold: Sendable, Equatable, Codable {
        /// The level that best parts the map's two classes: N. Otsu, "A Threshold Selection
        /// Method from Gray-Level Histograms", IEEE Trans. SMC 9(1), 1979. It is kept within
        /// bounds, so that a map without any object stays empty.
        case otsu
        /// A fixed level on the map scaled to 0...255: what is above it is object.
        case fixed(UInt8)
    }

    /// Where the map is cut. Default `.otsu`.
    package var threshold: Threshold
    /// Steadiness over time, 0...1: how much of the previous frame's map and threshold is
    /// blended into this frame's. 0 blends nothing. Default 0.6.
    package var smooth: Double

    /// Puts settings together; whatever is left out has its default.
    package init(threshold: Threshold = .otsu, smooth: Double = 0.6) {
        self.threshold = threshold
        self.smooth = smooth
    }
}
