/// The patches that a picture is cut into.
struct PatchGrid {
    /// Patches from top to bottom.
    let rows: Int
    /// Patches from left to right.
    let columns: Int
    /// Rows and columns of a patch, in pixels.
    let patchSize: Int

    /// Number of patches.
    var count: Int { rows * columns }
    /// Rows of the picture, in pixels.
    var height: Int { rows * patchSize }
    /// Columns of the picture, in pixels.
    var width: Int { columns * patchSize }
}
