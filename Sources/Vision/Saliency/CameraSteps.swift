/// Follows the camera's motion from a frame over several others, to the last of them that still
/// shows a place.
///
/// The way is exact at the corners of cells and interpolated inside, since the motion of a camera is
/// smooth; cells that leave the image on the way are followed sample by sample.
package struct CameraSteps {
    let size: MapSize
    /// The frames on the way, nearest first.
    let frames: [UnsafePointer<UInt8>]
    /// From the frame itself to the first of them, from that to the next, …
    let motions: [PlanarMotion]

    /// - Parameters:
    ///   - size: the sizes of the analysis.
    ///   - frames: luma of the frames on the way at twice the map's size, nearest first.
    ///   - motions: the camera's motion from the frame itself to the first of them, from that to the
    ///     next, ….
    package init(size: MapSize, frames: [UnsafePointer<UInt8>], motions: [PlanarMotion]) {
        (self.size, self.frames, self.motions) = (size, frames, motions)
    }

    /// Fine samples along the side of a cell.
    private static let side = 8

    private struct Position {
        var x: Float
        var y: Float
    }

    /// Errors of each place: see `PhotometricError`.
    package func errors(of frame: UnsafePointer<UInt8>) -> [Float] {
        var errors = [Float](repeating: -1, count: size.count)
        guard let last = frames.last else { return errors }
        let side = Self.side
        let columns = (size.flowWidth + side - 1) / side
        let rows = (size.flowHeight + side - 1) / side
        let nodes = corners(columns + 1, rows + 1)
        errors.withUnsafeMutableBufferPointer { errors in
            for row in 0..<rows {
                for column in 0..<columns {
                    let first = row * (columns + 1) + column
                    let corners = (
                        nodes[first], nodes[first + 1], nodes[first + columns + 1],
                        nodes[first + columns + 2]
                    )
                    let places = cell(column, row)
                    if let a = corners.0, let b = corners.1, let c = corners.2, let d = corners.3 {
                        fill(errors, frame, last, places, (a, b, c, d))
                    } else {
                        follow(errors, frame, places)
                    }
                }
            }
        }
        return errors
    }

    private func cell(_ column: Int, _ row: Int) -> (columns: Range<Int>, rows: Range<Int>) {
        let places = Self.side / 2
        return (
            column * places..<min((column + 1) * places, size.width),
            row * places..<min((row + 1) * places, size.height)
        )
    }

    /// Where the corners of all cells end; nil where one leaves the image on the way.
    private func corners(_ columns: Int, _ rows: Int) -> [Position?] {
        let (lastX, lastY) = (Float(size.flowWidth - 1), Float(size.flowHeight - 1))
        var nodes: [Position?] = []
        nodes.reserveCapacity(columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                var position: Position? = Position(
                    x: Float(column * Self.side),
                    y: Float(row * Self.side)
                )
                for motion in motions {
                    guard let here = position else { break }
                    let next = moved(here, motion)
                    // The outermost corners may be outside the image from the start.
                    let isInside =
                        next.x >= 0 && next.y >= 0 && next.x <= lastX && next.y <= lastY
                    position = isInside ? next : nil
                }
                nodes.append(position)
            }
        }
        return nodes
    }

    @inline(__always)
    private func moved(_ position: Position, _ motion: PlanarMotion) -> Position {
        let scale = 1 / size.unit
        let x = ((position.x + 0.5) * 0.5 - 0.5 - Float(size.width) / 2) * scale
        let y = ((position.y + 0.5) * 0.5 - 0.5 - Float(size.height) / 2) * scale
        let flow = motion.motion(x: x, y: y)
        return Position(x: position.x + 2 * flow.u, y: position.y + 2 * flow.v)
    }

    /// The errors of a cell that stays inside.
    private func fill(
        _ errors: UnsafeMutableBufferPointer<Float>,
        _ frame: UnsafePointer<UInt8>,
        _ other: UnsafePointer<UInt8>,
        _ places: (columns: Range<Int>, rows: Range<Int>),
        _ corners: (Position, Position, Position, Position)
    ) {
        let part = 1 / Float(Self.side)
        let fineWidth = size.flowWidth
        let (a, b, c, d) = corners
        let (firstX, firstY) = (2 * places.columns.lowerBound, 2 * places.rows.lowerBound)
        for row in places.rows {
            for column in places.columns {
                var sum: Float = 0
                for dy in 0..<2 {
                    let y = 2 &* row &+ dy
                    let down = Float(y &- firstY) * part
                    let left = Position(x: a.x + (c.x - a.x) * down, y: a.y + (c.y - a.y) * down)
                    let right = Position(x: b.x + (d.x - b.x) * down, y: b.y + (d.y - b.y) * down)
                    for dx in 0..<2 {
                        let x = 2 &* column &+ dx
                        let across = Float(x &- firstX) * part
                        sum += PhotometricError.difference(
                            frame[y &* fineWidth &+ x],
                            other,
                            left.x + (right.x - left.x) * across,
                            left.y + (right.y - left.y) * across,
                            size
                        )
                    }
                }
                errors[row &* size.width &+ column] = sum * 0.25
            }
        }
    }

    /// The errors of a cell at the image's edge.
    private func follow(
        _ errors: UnsafeMutableBufferPointer<Float>,
        _ frame: UnsafePointer<UInt8>,
        _ places: (columns: Range<Int>, rows: Range<Int>)
    ) {
        let (lastX, lastY) = (Float(size.flowWidth - 1), Float(size.flowHeight - 1))
        for row in places.rows {
            for column in places.columns {
                var sum: Float = 0
                var seen = 0
                for sample in 0..<4 {
                    let (x, y) = (2 * column + sample % 2, 2 * row + sample / 2)
                    var position = Position(x: Float(x), y: Float(y))
                    var reached: (frame: Int, position: Position)?
                    for (step, motion) in motions.enumerated() {
                        position = moved(position, motion)
                        guard position.x >= 0, position.y >= 0, position.x <= lastX,
                            position.y <= lastY
                        else { break }
                        reached = (step, position)
                    }
                    guard let reached else { continue }
                    seen += 1
                    sum += PhotometricError.difference(
                        frame[y * size.flowWidth + x],
                        frames[reached.frame],
                        reached.position.x,
                        reached.position.y,
                        size
                    )
                }
                errors[row * size.width + column] = seen == 4 ? sum * 0.25 : -1
            }
        }
    }
}
