import Imaging

/// A mask of one frame.
package struct Mask: Sendable {
    /// 0 background, 255 object, the size of the video.
    package var image: GrayImage
    /// A picture for each of the method's side folders, by the folder's name.
    package var sides: [String: AuxiliaryImage]
    /// What the method says about it, by name: confidence, for example.
    package let scores: [String: Double]

    /// Puts it together.
    package init(
        image: GrayImage,
        sides: [String: AuxiliaryImage] = [:],
        scores: [String: Double] = [:]
    ) {
        self.image = image
        self.sides = sides
        self.scores = scores
    }
}
