import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { FaceProvider } from '@zhanggui/ui';
import { createRoot } from 'react-dom/client';
import '@zhanggui/ui/styles.css';
import { Refusal } from './api.ts';
import { router } from './router.tsx';

// A refusal is an answer and is not asked again; only an unreachable server is.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => !(error instanceof Refusal && error.status > 0) && count < 2,
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <FaceProvider face="office">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </FaceProvider>,
  );
}
