/// The linear system of the variational refinement: for each sample two equations, coupled with
/// those of its four neighbours, in the whole motion (u, v).
struct FlowSystem {
    static let planes = 9

    let rows: SplitRows
    let u: UnsafeMutablePointer<Float>
    let v: UnsafeMutablePointer<Float>
    /// How strongly a sample is tied to the one on its right and the one below.
    private let tieX: UnsafeMutablePointer<Float>
    private let tieY: UnsafeMutablePointer<Float>
    /// u * 1 / inverseU + v * coupling = targetU + ties to neighbours, and v alike.
    private let inverseU: UnsafeMutablePointer<Float>
    private let inverseV: UnsafeMutablePointer<Float>
    private let coupling: UnsafeMutablePointer<Float>
    private let targetU: UnsafeMutablePointer<Float>
    private let targetV: UnsafeMutablePointer<Float>

    /// Weights of the three penalties (paper, section 3), each halved for the derivative of a
    /// square.
    private static let brightness: Float = 2.5
    private static let gradient: Float = 5
    private static let smoothness: Float = 10
    /// Squared width of the penalties' round bottom.
    private static let bottom: Float = 0.000_001
    /// Keeps the system solvable where an image has no gradient.
    private static let ground: Float = 0.01
    /// Of successive over-relaxation.
    private static let overRelaxation: Float = 1.6

    init(_ scratch: UnsafeMutablePointer<Float>, _ rows: SplitRows) {
        self.rows = rows
        let count = rows.count
        u = scratch
        v = scratch + count
        tieX = scratch + 2 * count
        tieY = scratch + 3 * count
        inverseU = scratch + 4 * count
        inverseV = scratch + 5 * count
        coupling = scratch + 6 * count
        targetU = scratch + 7 * count
        targetV = scratch + 8 * count
    }

    /// Takes over a field, and clears what is read beyond its edges.
    func load(_ fieldU: UnsafePointer<Float>, _ fieldV: UnsafePointer<Float>) {
        for plane in [u, v, tieX, tieY] { rows.clearOutside(plane) }
        for y in 0..<rows.height {
            load(fieldU + y &* rows.width, u, y)
            load(fieldV + y &* rows.width, v, y)
        }
    }

    @inline(__always)
    private func load(_ field: UnsafePointer<Float>, _ plane: UnsafeMutablePointer<Float>, _ y: Int)
    {
        let (even, odd) = (plane + rows.even(y), plane + rows.odd(y))
        let pairs = rows.width / 2
        for index in 0..<pairs {
            even[index] = field[2 &* index]
            odd[index] = field[2 &* index &+ 1]
        }
        // Up to whole vectors, the last sample again.
        let last = field[rows.width &- 1]
        if rows.half > pairs { even[pairs] = last }
        for index in pairs..<rows.length { odd[index] = last }
        for index in rows.half..<max(rows.length, rows.half) { even[index] = last }
    }

    func save(_ fieldU: UnsafeMutablePointer<Float>, _ fieldV: UnsafeMutablePointer<Float>) {
        for y in 0..<rows.height {
            let start = y &* rows.width
            let (even, odd) = (rows.even(y), rows.odd(y))
            for index in 0..<rows.width / 2 {
                fieldU[start &+ 2 &* index] = u[even &+ index]
                fieldU[start &+ 2 &* index &+ 1] = u[odd &+ index]
                fieldV[start &+ 2 &* index] = v[even &+ index]
                fieldV[start &+ 2 &* index &+ 1] = v[odd &+ index]
            }
            if rows.width & 1 == 1 {
                fieldU[start &+ rows.width &- 1] = u[even &+ rows.half &- 1]
                fieldV[start &+ rows.width &- 1] = v[even &+ rows.half &- 1]
            }
        }
    }

    /// Sets up the equations around the present motion.
    func linearize(_ terms: DataTerms) {
        for y in 0..<rows.height {
            tie(y)
            equate(terms, y)
        }
    }

    private func tie(_ y: Int) {
        let below = y < rows.height &- 1 ? rows.stride : 0
        let (even, odd) = (rows.even(y), rows.odd(y))
        // The last sample has itself as its right neighbour.
        if rows.width & 1 == 1 {
            u[odd &+ rows.half &- 1] = u[even &+ rows.half &- 1]
            v[odd &+ rows.half &- 1] = v[even &+ rows.half &- 1]
        } else {
            u[even &+ rows.half] = u[odd &+ rows.half &- 1]
            v[even &+ rows.half] = v[odd &+ rows.half &- 1]
        }
        tie(even, right: rows.toOdd, below)
        tie(odd, right: 1 &- rows.toOdd, below)
        tieX[(rows.width & 1 == 1 ? even : odd) &+ rows.half &- 1] = 0
        if below == 0 {
            (tieY + even).update(repeating: 0, count: rows.length)
            (tieY + odd).update(repeating: 0, count: rows.length)
        }
    }

    @inline(__always)
    private func tie(_ start: Int, right: Int, _ below: Int) {
        var index = start
        while index < start &+ rows.length {
            let (hereU, hereV) = (u.four(index), v.four(index))
            let acrossU = u.four(index &+ right) - hereU
            let acrossV = v.four(index &+ right) - hereV
            let downU = u.four(index &+ below) - hereU
            let downV = v.four(index &+ below) - hereV
            let squares =
                acrossU * acrossU + acrossV * acrossV + (downU * downU + downV * downV)
            let strength = Self.smoothness / (squares + Self.bottom).squareRoot()
            tieX.store(strength, index)
            tieY.store(strength, index)
            index &+= 4
        }
    }

    private func equate(_ terms: DataTerms, _ y: Int) {
        equate(terms, rows.even(y), left: rows.toOdd &- 1)
        equate(terms, rows.odd(y), left: 0 &- rows.toOdd)
    }

    @inline(__always)
    private func equate(_ terms: DataTerms, _ start: Int, left: Int) {
        var index = start
        while index < start &+ rows.length {
            let (hereU, hereV) = (u.four(index), v.four(index))
            let bx = terms.brightness.x.four(index)
            let by = terms.brightness.y.four(index)
            let bt = terms.brightness.t.four(index)
            let change = bt + bx * hereU + by * hereV
            let weight = Self.brightness / (change * change + Self.bottom).squareRoot()
            let px = terms.gradientX.x.four(index)
            let py = terms.gradientX.y.four(index)
            let pt = terms.gradientX.t.four(index)
            let qx = terms.gradientY.x.four(index)
            let qy = terms.gradientY.y.four(index)
            let qt = terms.gradientY.t.four(index)
            let changeP = pt + px * hereU + py * hereV
            let changeQ = qt + qx * hereU + qy * hereV
            let weightPQ =
                Self.gradient
                / (changeP * changeP + changeQ * changeQ + Self.bottom).squareRoot()
            let ties =
                tieX.four(index) + tieX.four(index &+ left)
                + (tieY.four(index) + tieY.four(index &- rows.stride)) + Self.ground
            let a = weight * (bx * bx) + weightPQ * (px * px + qx * qx) + ties
            let b = weight * (bx * by) + weightPQ * (px * py + qx * qy)
            let c = weight * (by * by) + weightPQ * (py * py + qy * qy) + ties
            let s = weight * (bx * bt) + weightPQ * (px * pt + qx * qt)
            let t = weight * (by * bt) + weightPQ * (py * pt + qy * qt)
            inverseU.store(1 / a, index)
            inverseV.store(1 / c, index)
            coupling.store(b, index)
            targetU.store(Self.ground * hereU - s, index)
            targetV.store(Self.ground * hereV - t, index)
            index &+= 4
        }
    }

    /// Sweeps over the checkerboard, one colour after the other. Sweeps follow each other two rows
    /// apart, so that rows are still in the cache; the result is that of one after the other.
    func relax(_ sweeps: Int) {
        for step in 0..<(rows.height &+ 2 &* sweeps) {
            for sweep in 0..<sweeps {
                let row = step &- 2 &* sweep
                if row >= 0, row < rows.height { relaxRow(row, odd: row & 1 == 1) }
                if row >= 1, row <= rows.height { relaxRow(row &- 1, odd: row & 1 == 1) }
            }
        }
    }

    @inline(__always)
    private func relaxRow(_ row: Int, odd: Bool) {
        if odd {
            relax(rows.odd(row), left: 0 &- rows.toOdd, right: 1 &- rows.toOdd)
        } else {
            relax(rows.even(row), left: rows.toOdd &- 1, right: rows.toOdd)
        }
    }

    @inline(__always)
    private func relax(_ start: Int, left: Int, right: Int) {
        let stride = rows.stride
        var index = start
        while index < start &+ rows.length {
            let (hereU, hereV) = (u.four(index), v.four(index))
            let (tieLeft, tieRight) = (tieX.four(index &+ left), tieX.four(index))
            let (tieUp, tieDown) = (tieY.four(index &- stride), tieY.four(index))
            let pullU =
                tieLeft * u.four(index &+ left) + tieRight * u.four(index &+ right)
                + (tieUp * u.four(index &- stride) + tieDown * u.four(index &+ stride))
            let pullV =
                tieLeft * v.four(index &+ left) + tieRight * v.four(index &+ right)
                + (tieUp * v.four(index &- stride) + tieDown * v.four(index &+ stride))
            let shared = coupling.four(index)
            let goalU = (pullU + targetU.four(index) - shared * hereV) * inverseU.four(index)
            let nextU = hereU + Self.overRelaxation * (goalU - hereU)
            let goalV = (pullV + targetV.four(index) - shared * nextU) * inverseV.four(index)
            let nextV = hereV + Self.overRelaxation * (goalV - hereV)
            u.store(nextU, index)
            v.store(nextV, index)
            index &+= 4
        }
    }
}
