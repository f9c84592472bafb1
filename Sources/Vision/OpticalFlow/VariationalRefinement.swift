/// Refines a field by an energy over all samples: stage 3 of dense inverse search (section 2.3 of
/// the paper), after Brox, Bruhn, Papenberg and Weickert, "High Accuracy Optical Flow Estimation
/// Based on a Theory for Warping", ECCV 2004.
///
/// The energy is the sum of three penalties, each the square root of a square, which forgives
/// outliers: brightness changes along the motion, its gradient does, and the motion differs from
/// that of neighbours. The first two are divided by the image's gradient (Zimmer, Bruhn and
/// Weickert, "Optic Flow in Harmony", IJCV 2011), so that strong edges do not rule. The second
/// image is warped once; then the penalties are linearized some times, each time followed by
/// sweeps of successive over-relaxation.
struct VariationalRefinement {
    let level: FlowImage.Level
    let first: UnsafePointer<Float>
    let second: UnsafePointer<Float>
    let rows: SplitRows
    let terms: DataTerms
    let system: FlowSystem
    private let derivatives: Derivatives

    init(
        level: FlowImage.Level,
        first: UnsafePointer<Float>,
        second: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        self.level = level
        self.first = first
        self.second = second
        rows = SplitRows(width: level.width, height: level.height)
        terms = DataTerms(scratch, rows)
        system = FlowSystem(scratch + DataTerms.planes * rows.count, rows)
        derivatives = Derivatives(
            scratch + (DataTerms.planes + FlowSystem.planes) * rows.count,
            level
        )
    }

    /// Scratch memory for an image of this size or smaller.
    static func floats(_ level: FlowImage.Level) -> Int {
        let rows = SplitRows(width: level.width, height: level.height)
        return (DataTerms.planes + FlowSystem.planes) * rows.count + Derivatives.floats(level)
    }

    func run(
        _ u: UnsafeMutablePointer<Float>,
        _ v: UnsafeMutablePointer<Float>,
        steps: Int,
        sweeps: Int
    ) {
        derivatives.warp(first, second, u, v)
        derivatives.differentiate()
        system.load(u, v)
        derivatives.fill(terms, rows, system.u, system.v)
        for _ in 0..<steps {
            system.linearize(terms)
            system.relax(sweeps)
        }
        system.save(u, v)
    }
}

/// The linearized data terms of each sample: along the motion (u, v), three changes are
/// x * u + y * v + t, of brightness and of its derivatives in both directions, each divided by the
/// length of (x, y).
struct DataTerms {
    static let planes = 9

    struct Term {
        let x: UnsafeMutablePointer<Float>
        let y: UnsafeMutablePointer<Float>
        let t: UnsafeMutablePointer<Float>
    }

    let brightness: Term
    let gradientX: Term
    let gradientY: Term

    init(_ scratch: UnsafeMutablePointer<Float>, _ rows: SplitRows) {
        func term(_ place: Int) -> Term {
            let start = scratch + 3 * place * rows.count
            return Term(x: start, y: start + rows.count, t: start + 2 * rows.count)
        }
        (brightness, gradientX, gradientY) = (term(0), term(1), term(2))
    }
}
