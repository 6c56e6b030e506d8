//! TLS servers: one with a certificate for tests, and one whose certificate is malformed.

use std::sync::Arc;

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// The certificates of the tests. All have the same private key, which is used nowhere else.
#[derive(Clone, Copy)]
pub(super) enum Certificate {
    /// Valid for 127.0.0.1.
    Valid,
    Expired,
    /// Valid for another host.
    OtherHost,
}

/// The certificate authority that has issued them.
pub(super) const AUTHORITY: &[u8] = include_bytes!("certificates/ca.pem");

const KEY: &[u8] = include_bytes!("certificates/key.pem");

impl Certificate {
    pub(super) fn acceptor(self) -> TlsAcceptor {
        let certificate: &[u8] = match self {
            Self::Valid => include_bytes!("certificates/valid.pem"),
            Self::Expired => include_bytes!("certificates/expired.pem"),
            Self::OtherHost => include_bytes!("certificates/other_host.pem"),
        };
        let certificate = CertificateDer::from_pem_slice(certificate).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate], key).unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

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
