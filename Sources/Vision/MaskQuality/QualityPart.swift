/// What a mask's score is made of. Each part is 0…1, and more is better.
package enum QualityPart: String, Sendable, CaseIterable {
    /// How often the colours change more at the mask's edge than beside it, the worse of inside and
    /// outside.
    case edge
    /// The mean of `edge` over the frames around.
    case edgeAround
    /// How much of the change in motion across the edge is at the edge.
    case motionEdge
    /// The mean of `motionEdge` over the frames around.
    case motionEdgeAround
    /// The area beside the median of the ten frames before, the smaller by the larger.
    case steady
    /// The mean of `steady` over the frames around.
    case steadyAround
    /// How large the object is, the mean over the shot.
    case size
    /// How few places the method itself was undecided about.
    case clarity
    /// IoU with the mask of a neighbouring frame, carried here along the optical flow.
    case carried
    /// IoU with what moves otherwise than the camera, near the object.
    case motion
    /// How well colours tell the object from what is around it.
    case colours
    /// IoU with the mask of the built-in method, as far as that can be trusted here.
    case agreement
    /// The model's own estimate of the IoU.
    case predictedIoU
    /// How sure the model is that the object is in the frame.
    case visibility
    /// IoU with the mask that SAM 2 tracks from the clip's best one, as far as it comes back to that.
    case tracked
    /// IoU of that mask with the one that SAM 2 tracks back from the end.
    case forwardBackward
    /// IoU of the mask's box with that of what the label names.
    case label

    /// The parts that have names.
    package static func parts(named parts: [String: Double]) -> [QualityPart: Double] {
        Dictionary(
            parts.compactMap { name, value in QualityPart(rawValue: name).map { ($0, value) } }
        ) { first, _ in first }
    }
}
