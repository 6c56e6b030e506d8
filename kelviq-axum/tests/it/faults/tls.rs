//! A TLS server whose certificate is malformed.

/// Returns the first messages of the server, which are not encrypted in TLS 1.2.
pub(super) fn server_hello() -> Vec<u8> {
    let message = |kind: u8, body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind], &length[1..], body].concat()
    };
    let random = [7; 32];
    let hello = [&[3, 3][..], &random, &[0, 0xc0, 0x2f, 0]].concat();
    let certificate = [&[0, 0, 7, 0, 0, 4][..], b"fake"].concat();
    let key = [&[3, 0, 0x1d, 32][..], &[9; 32], &[8, 4, 0, 4], b"fake"].concat();
    let messages = [
        message(2, &hello),
        message(11, &certificate),
        message(12, &key),
        message(14, &[]),
    ]
    .concat();
    let length = u16::try_from(messages.len()).unwrap().to_be_bytes();
    [&[22, 3, 3][..], &length, &messages].concat()
}
