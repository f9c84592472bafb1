/// The methods that a row can name, and what a frame of each costs.
package enum BatchMethod: String, Sendable, Codable, CaseIterable {
    case saliency, depth, sam

    /// What a frame costs, as a multiple of the cheapest method's.
    ///
    /// Measured on two cores at 1280x720: 11 ms, 1.4 s with Depth Anything V2 Small and 4.7 s with
    /// SAM 2.1 Tiny. Rows of one list mostly have one method; only their ratio matters.
    package var cost: Int {
        switch self {
        case .saliency: 1
        case .depth: 130
        case .sam: 430
        }
    }
}
