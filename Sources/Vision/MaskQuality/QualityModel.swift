import Glibc

/// From parts to a score: a logistic model whose weights are all positive, so that every part says by
/// itself in which direction it counts. A part that is missing counts as usual.
///
/// The weights were fitted on twelve sequences of DAVIS 2016, on masks of cheap methods and on true
/// masks that were damaged: `Benchmarks/score`.
package struct QualityModel: Sendable {
    /// What a part is usually, and what a deviation from it counts.
    let terms: [QualityPart: (usual: Double, weight: Double)]
    let bias: Double

    init(_ bias: Double, _ terms: [QualityPart: (usual: Double, weight: Double)]) {
        (self.bias, self.terms) = (bias, terms)
    }

    /// For masks of the built-in method. Its masks are right where moving and coloured edges are, or
    /// they would not be there: what it was made of says less about them.
    package static let builtIn = QualityModel(
        1.14,
        [
            .edge: (0.7, 2.94), .edgeAround: (0.7, 1.35), .motionEdgeAround: (0.35, 4.51),
            .steadyAround: (0.9, 2.78), .size: (0.7, 0.88), .tracked: (0.6, 3),
            .forwardBackward: (0.8, 0.5),
        ]
    )

    /// For masks of all other methods, where the built-in method has none of its own.
    package static let alone = QualityModel(
        2.13,
        [
            .edge: (0.7, 3.39), .motionEdge: (0.35, 2.17), .steady: (0.9, 0.98),
            .carried: (0.85, 0.56), .motion: (0.6, 2.94), .colours: (0.6, 2.59),
            .predictedIoU: (0.85, 2), .visibility: (1, 1),
            .clarity: (0.9, 2), .label: (0.6, 1.5), .tracked: (0.6, 3),
            .forwardBackward: (0.8, 0.5),
        ]
    )

    /// For masks of all other methods, beside those of the built-in one.
    package static let compared = QualityModel(
        1.84,
        [
            .edge: (0.7, 3.13), .motionEdge: (0.35, 1.57), .steady: (0.9, 0.51),
            .carried: (0.85, 0.52), .motion: (0.6, 1.62), .colours: (0.6, 2.05),
            .agreement: (0.5, 5.27), .predictedIoU: (0.85, 2), .visibility: (1, 1),
            .clarity: (0.9, 2), .label: (0.6, 1.5), .tracked: (0.6, 3),
            .forwardBackward: (0.8, 0.5),
        ]
    )

    /// The score of a mask that covers all of the frame.
    private static let fullScore = 0.02
    /// The score of an empty mask where the model holds that there is nothing to see: a guess.
    private static let absentScore = 0.75

    /// An estimate of the IoU with the true mask.
    ///
    /// - Parameters:
    ///   - parts: those that are known.
    ///   - extent: what the mask covers.
    /// - Returns: 0…1.
    func score(_ parts: [QualityPart: Double], _ extent: MaskCoverage) -> Double {
        switch extent {
        case .empty: return 0
        case .absent: return Self.absentScore
        case .full: return Self.fullScore
        case .some:
            let sum = terms.reduce(bias) { sum, term in
                guard let part = parts[term.key] else { return sum }
                return sum + term.value.weight * (part - term.value.usual)
            }
            return 1 / (1 + exp(-sum))
        }
    }

    /// The parts that count.
    var parts: Set<QualityPart> { Set(terms.keys) }
}
