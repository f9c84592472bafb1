#include "CPng.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void on_error(png_structp png, png_const_charp message) {
    char *target = png_get_error_ptr(png);
    snprintf(target, sizeof(((CPngBytes *)0)->message), "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} Growing;

static void on_write(png_structp png, png_bytep data, png_size_t length) {
    Growing *out = png_get_io_ptr(png);
    if (length > out->capacity - out->count) {
        size_t wanted = (out->count + length) * 2;
        uint8_t *bytes = realloc(out->bytes, wanted);
        if (bytes == NULL)
            png_error(png, "out of memory");
        out->bytes = bytes;
        out->capacity = wanted;
    }
    memcpy(out->bytes + out->count, data, length);
    out->count += length;
}

static void on_flush(png_structp png) { (void)png; }

static int is_little_endian(void) {
    const uint16_t one = 1;
    return *(const uint8_t *)&one;
}

/// Both ways of writing; without a palette when `colours` is 0.
static CPngBytes encode(
    const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
    CPngContent content, const uint8_t *palette, uint32_t colours) {
    CPngBytes result = {0};
    Growing *out = calloc(1, sizeof(Growing));
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, result.message, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (out == NULL || info == NULL) {
        snprintf(result.message, sizeof(result.message), "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, out, on_write, on_flush);
        png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
        if (content == CPNG_FLAT) {
            // Binary masks are runs of one value: deflate that looks for nothing else makes
            // files of less than half the size in the same time. A row filter only costs a pass.
            png_set_filter(png, 0, PNG_FILTER_NONE);
            png_set_compression_level(png, 1);
            png_set_compression_strategy(png, Z_RLE);
        } else {
            png_set_filter(png, 0, PNG_FILTER_SUB | PNG_FILTER_UP);
            png_set_compression_level(png, 6);
        }
        png_set_compression_buffer_size(png, 64 * 1024);
        int type = colours > 0 ? PNG_COLOR_TYPE_PALETTE
                               : channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
        png_set_IHDR(
            png, info, width, height, (int)bit_depth, type, PNG_INTERLACE_NONE,
            PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        if (colours > 0) {
            png_color entries[256];
            for (uint32_t colour = 0; colour < colours && colour < 256; colour++) {
                const uint8_t *entry = palette + 3 * colour;
                entries[colour] = (png_color){entry[0], entry[1], entry[2]};
            }
            png_set_PLTE(png, info, entries, (int)colours);
        }
        png_write_info(png, info);
        if (bit_depth == 16 && is_little_endian())
            png_set_swap(png);
        size_t row_bytes = (size_t)width * channels * (bit_depth / 8);
        for (uint32_t row = 0; row < height; row++)
            png_write_row(png, (const uint8_t *)pixels + row * row_bytes);
        png_write_end(png, NULL);
    }
    png_destroy_write_struct(&png, &info);
    if (result.message[0] != 0) {
        if (out != NULL)
            free(out->bytes);
    } else {
        result.bytes = out->bytes;
        result.count = out->count;
    }
    free(out);
    return result;
}

CPngBytes cpng_encode(
    const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
    CPngContent content) {
    return encode(pixels, width, height, channels, bit_depth, content, NULL, 0);
}

CPngBytes cpng_encode_indexed(
    const uint8_t *pixels, uint32_t width, uint32_t height, const uint8_t *palette,
    uint32_t colours) {
    return encode(pixels, width, height, 1, 8, CPNG_FLAT, palette, colours);
}

typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t position;
} Source;

static void on_read(png_structp png, png_bytep data, png_size_t length) {
    Source *source = png_get_io_ptr(png);
    if (length > source->count - source->position)
        png_error(png, "the file ends too soon");
    memcpy(data, source->bytes + source->position, length);
    source->position += length;
}

CPngImage cpng_decode(const uint8_t *bytes, size_t count, uint64_t max_pixels) {
    CPngImage image = {0};
    Source source = {bytes, count, 0};
    uint8_t *volatile pixels = NULL;
    png_structp png = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, image.pixels.message, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (info == NULL) {
        snprintf(image.pixels.message, sizeof(image.pixels.message), "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_read_fn(png, &source, on_read);
        png_read_info(png, info);
        image.width = png_get_image_width(png, info);
        image.height = png_get_image_height(png, info);
        image.channels = png_get_channels(png, info);
        image.bit_depth = png_get_bit_depth(png, info);
        image.is_indexed = png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE;
        png_colorp palette = NULL;
        int colours = 0;
        png_get_PLTE(png, info, &palette, &colours);
        for (int colour = 0; colour < colours && colour < 256; colour++)
            image.is_coloured[colour] =
                (palette[colour].red | palette[colour].green | palette[colour].blue) != 0;
        if ((uint64_t)image.width * image.height > max_pixels)
            png_error(png, "the image is too large");
        if (image.bit_depth == 16 && is_little_endian())
            png_set_swap(png);
        png_set_packing(png);
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        size_t row_bytes = png_get_rowbytes(png, info);
        image.pixels.count = row_bytes * image.height;
        pixels = malloc(image.pixels.count ? image.pixels.count : 1);
        if (pixels == NULL)
            png_error(png, "out of memory");
        for (int pass = 0; pass < passes; pass++)
            for (uint32_t row = 0; row < image.height; row++)
                png_read_row(png, pixels + row * row_bytes, NULL);
        png_read_end(png, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    if (image.pixels.message[0] != 0) {
        free(pixels);
        image.pixels.count = 0;
    } else {
        image.pixels.bytes = pixels;
    }
    return image;
}
