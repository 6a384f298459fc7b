//! EXIF (CIPA DC-008): TIFF fields that cameras write.

use exif::{Context, Exif, In, Reader, Tag, Value};

use super::Fields;

/// Tags of TIFF 6.0 and its supplements without which a picture cannot be drawn, by number. All others are personal.
pub(super) const TECHNICAL: &[u16] = &[
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291,
    292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530,
    531, 532,
];
/// The same of the EXIF part: version, components, FlashPix version, colour space, size, gamma.
const TECHNICAL_EXIF: &[u16] = &[36_864, 37_121, 40_960, 40_961, 40_962, 40_963, 42_240];
/// Offsets of thumbnails' bytes: a thumbnail may show what was cut out of the picture.
const THUMBNAIL: u16 = 513;
/// Tags that hold other formats, read elsewhere: XMP, IPTC, Photoshop, ICC.
const OTHERS: &[u16] = &[700, 33_723, 34_377, 34_675];

/// Reads a TIFF block, and gives the orientation (1 to 8; 1 is upright).
pub(super) fn read(block: &[u8], found: &mut Fields) -> u16 {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    match reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| ())) {
        Ok(exif) => list(&exif, block.len(), found),
        Err(_) => {
            found.lump("exif", "damaged block", block);
            1
        }
    }
}

/// Reads what a HEIC or AVIF picture holds.
pub(super) fn container(bytes: &[u8], found: &mut Fields) {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = reader
        .read_from_container(&mut std::io::Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| ()));
    if let Ok(exif) = exif {
        list(&exif, bytes.len(), found);
    }
}

fn list(exif: &Exif, size: usize, found: &mut Fields) -> u16 {
    // Values are read when they are asked for. A thousand fields may share one long value, and must not become a thousand.
    let mut budget = size.saturating_mul(2).saturating_add(1 << 16);
    for field in exif.fields().take(Fields::MOST) {
        let Some(left) = budget.checked_sub(bytes_of(&field.value)) else {
            found.personal("exif", "further fields", "not read: they overlap");
            break;
        };
        budget = left;
        let Tag(context, number) = field.tag;
        if context == Context::Tiff && OTHERS.contains(&number) {
            continue;
        }
        let technical = match context {
            Context::Tiff => TECHNICAL.contains(&number) || (number != THUMBNAIL && number == 514),
            Context::Exif => TECHNICAL_EXIF.contains(&number),
            _ => false,
        };
        let key = match (field.tag.description().is_some(), field.ifd_num) {
            (true, In::PRIMARY) => field.tag.to_string(),
            (true, In(number)) => format!("{} (picture {})", field.tag, number + 1),
            (false, _) => format!("tag {number}"),
        };
        let value = match &field.value {
            Value::Undefined(bytes, _) if bytes.len() > 64 => format!("{} bytes", bytes.len()),
            Value::Byte(bytes) if bytes.len() > 64 => format!("{} bytes", bytes.len()),
            value => bounded(value, || field.display_value().with_unit(exif).to_string()),
        };
        found.add("exif", key, value, !technical);
    }
    if let (Some(latitude), Some(longitude)) =
        (degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef), degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef))
    {
        found.personal("exif", "GPS position", format!("{latitude:.6}, {longitude:.6}"));
    }
    exif.get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u16::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Byte(list) => list.len(),
        Value::Ascii(list) => list.iter().map(|text| text.len() + 1).sum(),
        Value::Short(list) => list.len() * 2,
        Value::Long(list) => list.len() * 4,
        Value::Rational(list) => list.len() * 8,
        Value::SByte(list) => list.len(),
        Value::Undefined(bytes, _) => bytes.len(),
        Value::SShort(list) => list.len() * 2,
        Value::SLong(list) => list.len() * 4,
        Value::SRational(list) => list.len() * 8,
        Value::Float(list) => list.len() * 4,
        Value::Double(list) => list.len() * 8,
        Value::Unknown(..) => 0,
    }
}

/// Long lists of numbers are counted, not printed.
fn bounded(value: &Value, text: impl Fn() -> String) -> String {
    let count = match value {
        Value::Short(list) => list.len(),
        Value::Long(list) => list.len(),
        Value::Rational(list) => list.len(),
        Value::SRational(list) => list.len(),
        Value::SShort(list) => list.len(),
        Value::SLong(list) => list.len(),
        Value::SByte(list) => list.len(),
        Value::Float(list) => list.len(),
        Value::Double(list) => list.len(),
        Value::Unknown(..) => return "of an unknown type".into(),
        _ => 0,
    };
    if count > 64 { format!("{count} numbers") } else { text() }
}

/// Degrees, minutes and seconds with their hemisphere, as one signed number.
fn degrees(exif: &Exif, tag: Tag, reference: Tag) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let Value::Ascii(hemisphere) = &exif.get_field(reference, In::PRIMARY)?.value else { return None };
    let sign = match hemisphere.first()?.first()? {
        b'S' | b'W' => -1.0,
        _ => 1.0,
    };
    value.is_finite().then_some(value * sign)
}

/// A TIFF block that says how to turn the picture and nothing else.
pub(super) fn orientation_alone(orientation: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend(orientation.to_le_bytes());
    block.extend([0; 6]);
    block
}
